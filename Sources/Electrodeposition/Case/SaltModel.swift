/// What moves in the electrolyte, and what carries the current. What follows from that is decided in this file alone.
public enum SaltModel: String, Sendable, Equatable, CaseIterable {
  /// Both ions, electroneutral: ambipolar diffusion, σ ∝ c.
  case binarySalt
  /// The cation alone, as in published models, by Nernst–Planck with the potential of an Ohm's law whose σ is
  /// constant: ∂c/∂t = ∇·(D∇c + D f c∇φ) − (reaction)/F. D is the cation's then, and t₊ has no meaning.
  case cation
}

extension Electrolyte {
  fileprivate var isCationAlone: Bool { transport == .cation }

  /// Whether σ = σ0 c/c0; else it is σ0 everywhere.
  var conductsBySalt: Bool { !isCationAlone }

  /// The concentration that the conductivity is proportional to where the salt has this one, mol/m³.
  func conductingSalt(_ salt: Double) -> Double { conductsBySalt ? salt : concentration.value }

  /// Share of a plated charge that the reaction takes from the salt at the surface: 1 − t₊; 1 of the cation alone.
  var saltShare: Double { isCationAlone ? 1 : 1 - transferenceNumber.value }

  /// saltShare/F, mol/C: salt that a plated charge takes from the electrolyte at the surface.
  var saltPerCharge: Double { saltShare / Constants.faraday }

  /// 2t₊ − 1, the weight of the diffusion potential; 0 of the cation alone.
  var diffusionWeight: Double { isCationAlone ? 0 : 2 * transferenceNumber.value - 1 }

  /// Whether it goes on above the box; else it ends at the top face.
  var hasFarField: Bool { !isCationAlone }

  /// Multiplies the tolerance of the potential: salt and potential, solved one after the other, hand each other's errors
  /// on enlarged where a cation moves alone.
  var potentialToleranceFactor: Double { isCationAlone ? 0.1 : 1 }

  /// Longest step in which salt and potential, solved one after the other, follow each other, s: [F D/((1−t₊) A)]²/(2D)
  /// with A = ∂i/∂c. For a cation alone, whose published reactions are so fast that this length is less than ℓ, it is a
  /// quarter of the time in which the salt of a cell does, ε F/(a A), if that is longer.
  ///
  /// - Parameters: the largest A, A m/mol, and the largest A a/ε, A/mol.
  func exchangeTime(steepest: Double, fastest: Double) -> Double {
    let d = saltDiffusivity.value
    let length = Constants.faraday * d / (saltShare * max(steepest, 1e-30))
    let exchange = 0.5 * length * length / d
    guard isCationAlone else { return exchange }
    return max(exchange, 0.25 * Constants.faraday / max(fastest, 1e-300))
  }
}

extension Case {
  /// Whether salt and potentials can be solved together. Where growth is what reacts the salt takes that, and a cation
  /// alone migrates explicitly.
  public var solvesTogether: Bool { !electrolyte.isCationAlone && !capillarity.growthReacts }

  /// D_t = D/(1−t₊) = 2D₊, m²/s: F D_t ∂c/∂n is the plating current when the anion stands still.
  package var effectiveDiffusivity: Double {
    electrolyte.saltDiffusivity.value / electrolyte.saltShare
  }

  /// P of dφ = P d ln c along a current in a steady layer, V.
  var steadyDiffusionPotential: Double {
    Constants.faraday * effectiveDiffusivity * electrolyte.concentration.value
      / electrolyte.conductivity.value - electrolyte.diffusionWeight / inverseThermalVoltage
  }

  /// τ = F D f c0/σ, the share of the current that migration brings to a front in salt of c0; `nil` of a binary salt.
  package var migrationRatio: Double? {
    guard electrolyte.isCationAlone else { return nil }
    return Constants.faraday * electrolyte.saltDiffusivity.value * inverseThermalVoltage
      * electrolyte.concentration.value / electrolyte.conductivity.value
  }

  /// `exchangeTime` of a flat front from A where it is largest and in the middle of the interface.
  func exchangeTime(steepest: Double, middle: Double) -> Double {
    // a/ε = 5ξ²(1−ξ)/ℓ of a variational profile is largest at ξ = 2/3; without that factor it comes to 0.9/ℓ.
    let densest = 20 / 27 / discretisation.interfaceWidth
    return electrolyte.exchangeTime(steepest: steepest, fastest: middle * densest)
  }

  /// What a cation alone does not go together with.
  var contradictionsOfSalt: [Contradiction] {
    guard electrolyte.isCationAlone else { return [] }
    var list: [Contradiction] = []
    if electrolyte.end != .reservoir {
      list.append(
        Contradiction(
          key: "electrolyte.end", found: "cation transport knows no counter electrode", expected: "reservoir")
      )
    }
    if electrolyte.saltDiffusivity.notes.contains(.nernstEinstein) {
      list.append(
        Contradiction(
          key: "electrolyte.salt_diffusivity",
          found: "cation transport takes the cation's, which no table holds",
          expected: "the diffusion coefficient of the cation"))
    }
    if box.height < electrolyte.thickness * (1 - 1e-9) {
      list.append(
        Contradiction(
          key: "box.height", found: "cation transport knows no far field above the box",
          expected: "a box as high as electrolyte.thickness"))
    }
    return list
  }
}
