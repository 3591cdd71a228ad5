import Spectral

/// An alkali metal.
public struct Metal: Sendable, Equatable {
  /// Chemical symbol.
  public var symbol: String
  public var name: String
  /// Molar volume V_m, m³/mol.
  public var molarVolume: Sourced
  /// Free energy of the metal/electrolyte interface used unless a case says otherwise, J/m².
  public var surfaceEnergy: Sourced
  /// Effective exchange current density (with the solid film) used unless a case says otherwise, A/m².
  public var exchangeCurrentDensity: Sourced
  /// Name of the electrolyte used unless a case says otherwise.
  public var defaultElectrolyte: String
  /// Melting point, K; `nil` where none is known.
  public var meltingPoint: Sourced?
  /// Whether its numbers are those of the melt.
  public var isMolten: Bool

  public init(
    symbol: String, name: String, molarVolume: Sourced, surfaceEnergy: Sourced,
    exchangeCurrentDensity: Sourced,
    defaultElectrolyte: String, meltingPoint: Sourced? = nil, isMolten: Bool = false
  ) {
    self.symbol = symbol
    self.name = name
    self.molarVolume = molarVolume
    self.surfaceEnergy = surfaceEnergy
    self.exchangeCurrentDensity = exchangeCurrentDensity
    self.defaultElectrolyte = defaultElectrolyte
    self.meltingPoint = meltingPoint
    self.isMolten = isMolten
  }

  /// Edge of the cube that one atom takes, (V_m/N_A)^⅓, m.
  var atom: Double { cbrt(molarVolume.value * Constants.elementaryCharge / Constants.faraday) }

  public static let all: [Metal] = [.lithium, .sodium, .potassium]

  /// The metal of that symbol, or `nil`.
  public static func named(_ symbol: String) -> Metal? { all.first { $0.symbol == symbol } }

  /// The metal of that symbol at a temperature (K): of sodium the melt above its melting point, of others the solid.
  public static func named(_ symbol: String, at temperature: Double) -> Metal? {
    if symbol == sodium.symbol, let melting = sodium.meltingPoint, temperature > melting.value {
      return moltenSodium(at: temperature)
    }
    return named(symbol)
  }

  public static let lithium = Metal(
    symbol: "Li", name: "lithium",
    molarVolume: Sourced(
      1.300e-5, "m^3/mol", .computed, "6.94 g/mol (IUPAC) / 0.534 g/cm^3 (CRC Handbook)"),
    surfaceEnergy: Sourced(
      0.50, "J/m^2", .estimated,
      "0.4-1.0 x vacuum value 0.52 J/m^2 (Tyson & Miller 1977); range 0.2-0.6; 0.5 in phase-field papers"),
    exchangeCurrentDensity: Sourced(
      30, "A/m^2", .estimated, "effective, with film; back-computed from Arguello/Monroe sets; range 5-100",
      notes: [.includesFilm]),
    defaultElectrolyte: "LiTFSI in DOL:DME",
    meltingPoint: Sourced(453.65, "K", .measured, "CRC Handbook"))

  public static let sodium = Metal(
    symbol: "Na", name: "sodium",
    molarVolume: Sourced(
      2.375e-5, "m^3/mol", .computed, "22.990 g/mol (IUPAC) / 0.968 g/cm^3 (CRC Handbook)"),
    surfaceEnergy: Sourced(
      0.25, "J/m^2", .estimated,
      "0.4-1.0 x vacuum value 0.26 J/m^2 (Tyson & Miller 1977; 0.21-0.22 computed, Tran et al. 2016); "
        + "range 0.1-0.3"),
    exchangeCurrentDensity: Sourced(
      10, "A/m^2", .estimated,
      "effective, with film; from symmetric cells of Wang et al. 2021 assuming 1 mA/cm^2; range 1-50",
      notes: [.includesFilm]),
    defaultElectrolyte: "NaClO4 in EC:DEC",
    meltingPoint: Sourced(370.94, "K", .measured, "CRC Handbook"))

  /// Sodium above its melting point, at a temperature in K.
  public static func moltenSodium(at temperature: Double) -> Metal {
    // Density, kg/m³, and surface tension, N/m, of Fink & Leibowitz 1995, with their critical temperature.
    let below = 1 - temperature / 2503.7
    let density = 219 + 275.32 * below + 511.58 * below.squareRoot()
    var metal = sodium
    metal.name = "molten sodium"
    metal.isMolten = true
    metal.molarVolume = Sourced(
      22.990e-3 / density, "m^3/mol", .computed,
      "22.990 g/mol (IUPAC) / density of the melt at this temperature, Fink & Leibowitz 1995 (ANL/RE-95/2)")
    metal.surfaceEnergy = Sourced(
      0.2405 * pow(below, 1.126), "J/m^2", .computed,
      "of the melt against its vapour at this temperature, Fink & Leibowitz 1995 (ANL/RE-95/2)")
    metal.exchangeCurrentDensity.source = "as of solid sodium, no value of the melt known; range 1-1000"
    return metal
  }

  public static let potassium = Metal(
    symbol: "K", name: "potassium",
    molarVolume: Sourced(
      4.536e-5, "m^3/mol", .computed, "39.098 g/mol (IUPAC) / 0.862 g/cm^3 (CRC Handbook)"),
    surfaceEnergy: Sourced(
      0.13, "J/m^2", .estimated,
      "0.4-1.0 x vacuum value 0.13-0.145 J/m^2 (Tyson & Miller 1977); range 0.05-0.15"),
    exchangeCurrentDensity: Sourced(
      10, "A/m^2", .estimated,
      "effective, with film; from symmetric cells of Wang et al. 2021, current not stated; range 0.5-50",
      notes: [.includesFilm]),
    defaultElectrolyte: "KFSI in DME",
    meltingPoint: Sourced(336.65, "K", .measured, "CRC Handbook"))
}
