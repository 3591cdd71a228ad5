/// A binary salt M⁺X⁻ in a solvent, between the working electrode and the far end of the cell.
///
/// Given D₊ and D₋ at the reference concentration c0, dilute-solution theory fixes the rest:
/// D = 2D₊D₋/(D₊+D₋), t₊ = D₊/(D₊+D₋), σ0 = F f c0 (D₊+D₋). Values measured on concentrated solutions
/// can be set separately: the solver reads only `saltDiffusivity`, `transferenceNumber`, `conductivity`.
/// Or the cation alone, see `SaltModel`.
public struct Electrolyte: Sendable, Equatable {
  public var name: String
  /// Concentration c0 of the salt at the start and in the reservoir, mol/m³.
  public var concentration: Sourced
  /// Conductivity σ0 at c0, S/m; σ(c) = σ0 c/c0.
  public var conductivity: Sourced
  /// Ambipolar diffusion coefficient D of the salt, m²/s.
  public var saltDiffusivity: Sourced
  /// Transference number t₊ of the cation, constant.
  public var transferenceNumber: Sourced
  /// Distance from the substrate's surface to the far end, m. It stays the electrolyte's thickness: the far
  /// end recedes by the mean thickness of the deposit.
  public var thickness: Double
  public var end: End
  public var transport = SaltModel.binarySalt

  /// Source of an ambipolar diffusion coefficient that was not given.
  private static let nernstEinstein =
    "Nernst-Einstein from conductivity and transference number, D = 2 D+ D-/(D+ + D-)"

  /// Nernst–Einstein: D₊ + D₋ = σ R_g T/(F² c), D = 2 D₊D₋/(D₊ + D₋) = 2 t₊ (1 − t₊) (D₊ + D₋), in SI.
  public static func saltDiffusivity(
    conductivity: Double, transferenceNumber: Double, concentration: Double, temperature: Double
  ) -> Sourced {
    let sum =
      conductivity * Constants.gas * temperature / (Constants.faraday * Constants.faraday * concentration)
    return Sourced(
      2 * transferenceNumber * (1 - transferenceNumber) * sum, "m^2/s", .computed, nernstEinstein,
      notes: [.nernstEinstein])
  }

  /// The far end of the electrolyte.
  public enum End: String, Sendable, Equatable, CaseIterable {
    /// c = c0, φ = 0.
    case reservoir
    /// An electrode of the same metal with Butler–Volmer kinetics, its metal at 0 V, fed by the same current.
    case counterElectrode
  }

  public init(
    name: String, concentration: Sourced, conductivity: Sourced, saltDiffusivity: Sourced,
    transferenceNumber: Sourced, thickness: Double, end: End
  ) {
    self.name = name
    self.concentration = concentration
    self.conductivity = conductivity
    self.saltDiffusivity = saltDiffusivity
    self.transferenceNumber = transferenceNumber
    self.thickness = thickness
    self.end = end
  }
}

/// A tabulated electrolyte: what is known of a salt in its solvent, at 1 mol/L and 298.15 K.
public struct ElectrolyteEntry: Sendable, Equatable {
  public var name: String
  /// Symbol of the metal whose cation it carries.
  public var metal: String
  /// Conductivity at 1 mol/L, S/m.
  public var conductivity: Sourced
  public var transferenceNumber: Sourced

  public static let all: [ElectrolyteEntry] = [
    ElectrolyteEntry(
      name: "NaClO4 in EC:DEC", metal: "Na",
      conductivity: Sourced(
        0.68, "S/m", .measured, "6.8 mS/cm, 1 M NaClO4 in EC:DEC 1:1 + 5 wt% FEC, Wang et al. 2021"),
      transferenceNumber: Sourced(0.40, "1", .estimated, "typical of carbonate electrolytes, range 0.3-0.5")),
    ElectrolyteEntry(
      name: "LiTFSI in DOL:DME", metal: "Li",
      conductivity: Sourced(
        1.15, "S/m", .estimated,
        "estimated, no source at hand, range 10-13 mS/cm; 1 M LiTFSI in DOL:DME 1:1 + 2 wt% LiNO3"),
      transferenceNumber: Sourced(0.40, "1", .estimated, "range 0.3-0.5")),
    ElectrolyteEntry(
      name: "KFSI in DME", metal: "K",
      conductivity: Sourced(
        1.4, "S/m", .estimated, "estimated, no source at hand, range 10-18 mS/cm; 1 M KFSI in DME"),
      transferenceNumber: Sourced(
        0.45, "1", .estimated, "higher than Li's (Dhir et al. 2023), range 0.4-0.6")),
  ]

  /// The entry of that name, or `nil`.
  public static func named(_ name: String) -> ElectrolyteEntry? { all.first { $0.name == name } }

  /// Concentrations for which a conductivity in proportion to that at 1 mol/L is of any use, mol/m³: real ones have a
  /// maximum at 1 to 2 mol/L, and fall beyond it.
  package static let usefulConcentrations = 100.0...2000.0

  /// Temperatures at which a conductivity found at 298.15 K is of any use, K: it changes by some 2 % a kelvin.
  package static let usefulTemperatures = 283.15...313.15

  /// The conductivity, S/m, in proportion to the concentration (mol/m³): as it was found at 1 mol/L and 298.15 K, and an
  /// estimate elsewhere.
  package func conductivity(concentration: Double, temperature: Double) -> Sourced {
    if concentration == 1000, temperature == 298.15 { return conductivity }
    return Sourced(
      conductivity.value * concentration / 1000, "S/m", .estimated,
      "in proportion to the concentration, whatever the temperature, from \(conductivity.source)")
  }

  /// The electrolyte at a given concentration (mol/m³), temperature (K) and thickness (m).
  public func electrolyte(
    concentration: Sourced, temperature: Double, thickness: Double, end: Electrolyte.End
  ) -> Electrolyte {
    let conductivity = conductivity(concentration: concentration.value, temperature: temperature)
    return Electrolyte(
      name: name, concentration: concentration, conductivity: conductivity,
      saltDiffusivity: Electrolyte.saltDiffusivity(
        conductivity: conductivity.value, transferenceNumber: transferenceNumber.value,
        concentration: concentration.value, temperature: temperature),
      transferenceNumber: transferenceNumber, thickness: thickness, end: end)
  }
}

extension Electrolyte {
  /// Which numbers are not those of the table under this name, in words; none of one that is not tabulated.
  package var replacedNumbers: [String] {
    guard let entry = ElectrolyteEntry.named(name) else { return [] }
    func differ(_ a: Double, _ b: Double) -> Bool { abs(a - b) > 1e-9 * abs(b) }
    let tabulated = entry.conductivity.value * concentration.value / 1000
    return [
      differ(conductivity.value, tabulated) ? "conductivity" : nil,
      differ(transferenceNumber.value, entry.transferenceNumber.value) ? "transference number" : nil,
      saltDiffusivity.notes.contains(.nernstEinstein) ? nil : "diffusion coefficient",
    ].compactMap { $0 }
  }
}
