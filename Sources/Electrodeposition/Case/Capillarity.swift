/// How the surface energy γ acts.
public enum Capillarity: Sendable, Equatable {
  /// In the rate law, by Γ K; the profile has no curvature flow of its own, and b is numerical.
  case gibbsThomson
  /// In the profile, as in published phase-field models; nothing else knows of γ.
  ///
  ///     ∂ξ/∂t = v w·5ξ(1−ξ) + b [∇²ξ − ξ(1−ξ)(1−2ξ)/ℓ²],   b = L_σ κ,  κ = 6γℓ
  ///
  /// ℓ is physical then. `interfaceMobility` is L_σ, m³/(J s).
  case variational(interfaceMobility: Sourced)

  /// 5ξ(1−ξ), by which w is multiplied in the variational model: h' = 30 ξ²(1−ξ)² is 6ℓ w times this.
  @inline(__always)
  static func interpolation(_ xi: Double) -> Double { 5 * xi * (1 - xi) }
}

extension Case {
  /// Whether capillarity acts in the profile.
  package var isVariational: Bool { capillarity != .gibbsThomson }

  /// b = 6 L_σ γ ℓ of the variational model, m²/s; `nil` where b is numerical.
  package var variationalMobility: Double? {
    guard case .variational(let mobility) = capillarity else { return nil }
    return 6 * mobility.value * surfaceEnergy.value * discretisation.interfaceWidth
  }
}

extension Case {
  /// Whether salt and potentials can be solved together. Where capillarity is variational the salt takes the growth of the
  /// metal, and a cation alone migrates explicitly.
  public var solvesTogether: Bool { electrolyte.transport == .binarySalt && !isVariational }
}
