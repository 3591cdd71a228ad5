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
    guard let mobility = setup.variationalMobility(width: domain.width) else { return nil }
    self.domain = domain
    self.orderParameter = orderParameter
    laplacian = Field(domain.grid)
    scale = mobility / setup.volumePerCharge
  }

  /// Fills `reaction` of a moment on its reacting cells. What lies in the tails beyond them is spread over them,
  /// so that nothing of the whole is lost.
  ///
  /// - Returns: the current of each piece, A.
  func fill(_ moment: Moment) -> [Double] {
    orderParameter.findLaplacian(of: moment, into: laplacian)
    let list = moment.interface
    let volume = domain.grid.cellVolume
    var currents = [Double](repeating: 0, count: moment.pieces.count)
    // The Laplacian integrates to nothing.
    var missing = scale * domain.sum { [bracket = moment.restoring.base] in load(bracket, $0) }
    var area = 0.0
    func add(_ value: Double, _ j: Int) {
      moment.reaction.base[Int(list.cell[j])] += value
      currents[Int(list.piece[j])] += value * volume
    }
    for j in 0..<list.count where list.weight[j] > 0 {
      let i = Int(list.cell[j])
      let value = scale * (laplacian.base[i] + moment.restoring.base[i])
      add(value, j)
      missing -= value
      area += list.density[j]
    }
    for j in 0..<list.count where list.weight[j] > 0 { add(missing / area * list.density[j], j) }
    return currents
  }
}
