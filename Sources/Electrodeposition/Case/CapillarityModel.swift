/// How the surface energy γ acts. What follows from that is decided in this file alone.
public enum CapillarityModel: Sendable, Equatable {
  /// In the rate law, by Γ K; the profile has no curvature flow of its own, and b is numerical.
  case gibbsThomson
  /// In the profile, as in published phase-field models; nothing else knows of γ.
  ///
  ///     ∂ξ/∂t = v w·5ξ(1−ξ) + b [∇²ξ − ξ(1−ξ)(1−2ξ)/ℓ²],   b = L_σ κ,  κ = 6γℓ
  ///
  /// ℓ is physical then. `interfaceMobility` is L_σ, m³/(J s).
  case variational(interfaceMobility: Sourced)

  private var actsInProfile: Bool { self != .gibbsThomson }

  /// Whether the profile flows down its energy and so by its curvature; else it is only held, by a bracket without K w.
  var profileFlows: Bool { actsInProfile }

  /// Whether all of the profile reacts and moves, each cell with the i of its own c and φ; else only what is within the
  /// reach of the reaction does, and the profile moves with the v of the surface.
  var profileReacts: Bool { actsInProfile }

  /// Whether the growth of ξ is what reacts; else metal is given the volume that its charge makes, corrected for curvature.
  var growthReacts: Bool { actsInProfile }

  /// 5ξ(1−ξ), by which w is multiplied where all of the profile reacts: h' = 30 ξ²(1−ξ)² is 6ℓ w times this.
  @inline(__always)
  static func interpolation(_ xi: Double) -> Double { 5 * xi * (1 - xi) }
}

extension Case {
  /// Γ of the shift Γ K in the rate law, V m; `nil` where that takes no curvature.
  package var capillaryShift: Double? {
    guard case .gibbsThomson = capillarity else { return nil }
    return capillaryConstant
  }

  /// b = 6 L_σ γ ℓ of the variational model, m²/s; `nil` where b is numerical.
  package var variationalMobility: Double? {
    guard case .variational(let mobility) = capillarity else { return nil }
    return 6 * mobility.value * surfaceEnergy.value * discretisation.interfaceWidth
  }

  /// What capillarity in the profile does not go together with.
  var contradictionsOfCapillarity: [Contradiction] {
    guard case .variational = capillarity else { return [] }
    var list: [Contradiction] = []
    if substrate != nil {
      list.append(
        Contradiction(
          key: "substrate", found: "capillarity variational knows no contact angle",
          expected: "substrate: none"))
    }
    if output.everyThickness != nil {
      list.append(
        Contradiction(
          key: "output.every_thickness",
          found: "capillarity variational does not know beforehand how much metal a step makes",
          expected: "output.every_time"))
    }
    return list
  }
}
