import Spectral

/// The part of the current that no potential changes: what the double well makes of the variational profile.
///
/// The sources of salt and potential are (F/V_m) ∂ξ/∂t. At a new moment that is
///
///     a i + (F/V_m) b [∇²ξ − ξ(1−ξ)(1−2ξ)/ℓ²],   a = w·5ξ(1−ξ)
///
/// with i implicit in the potential and a bracket that is known.
final class Relaxation {
  private let domain: Domain
  private let orderParameter: OrderParameter
  private let laplacian: Field
  /// (F/V_m) b, A/m.
  private let scale: Double

  /// `nil` unless the case is variational.
  init?(_ setup: Case, _ domain: Domain, _ orderParameter: OrderParameter) {
    guard let mobility = setup.variationalMobility else { return nil }
    self.domain = domain
    self.orderParameter = orderParameter
    laplacian = Field(domain.grid)
    scale = mobility / setup.volumePerCharge
  }

  /// Fills `reaction` of a moment on its reacting cells. What lies in the tails beyond them is spread over them,
  /// so that nothing of the whole is lost.
  ///
  /// - Returns: the current of each piece, A.
  func fill(_ level: TimeLevel) -> [Double] {
    orderParameter.findLaplacian(of: level, into: laplacian)
    let list = level.interface
    let volume = domain.grid.cellVolume
    var currents = [Double](repeating: 0, count: level.pieces.count)
    // The Laplacian integrates to nothing.
    var missing = scale * domain.sum { [bracket = level.profileTerm.base] in load(bracket, $0) }
    var area = 0.0
    func add(_ value: Double, _ j: Int) {
      level.reaction.base[Int(list.cell[j])] += value
      currents[Int(list.piece[j])] += value * volume
    }
    for j in 0..<list.count where list.areaDensity[j] > 0 {
      let i = Int(list.cell[j])
      let value = scale * (laplacian.base[i] + level.profileTerm.base[i])
      add(value, j)
      missing -= value
      area += list.profileDensity[j]
    }
    for j in 0..<list.count where list.areaDensity[j] > 0 { add(missing / area * list.profileDensity[j], j) }
    return currents
  }
}
