import Spectral

/// The order parameter ξ: one semi-implicit spectral step, and the return of the charge defect.
///
///     ∂ξ/∂t = v w + b [ ∇²ξ − ξ(1−ξ)(1−2ξ)/ℓ² + K w ]
///
/// v w moves the profile at exactly v (Nagumo front); the bracket only restores it: for ξ(d), |∇d| = 1, it
/// vanishes. b∇²ξ is implicit with the exact −k², the rest is extrapolated to the new time (BDF2 with variable
/// step). b changes from step to step, so the bracket is kept without it and multiplied by the new b.
/// Source: counter-term K w, Folch et al., Phys. Rev. E 60 (1999) 1724; Sun & Beckermann, J. Comput. Phys.
/// 220 (2007) 626.
final class OrderParameter {
  private let domain: Domain
  private let transform: Transform
  private let laplacian: SymbolTable
  private let volumePerCharge: Double

  init(_ domain: Domain, volumePerCharge: Double) {
    self.domain = domain
    self.volumePerCharge = volumePerCharge
    transform = Transform(domain.grid, ends: .noFlux, pool: domain.pool)
    laplacian = transform.table(.exact)
  }

  /// Advances ξ from `now` and `before` into `next`, without the closure.
  ///
  /// - Parameter mobility: b, m²/s.
  func advance(_ next: Moment, from state: State, by difference: TimeDifference, mobility: Double) {
    gather(next.metal, state, difference, mobility)
    transform.solve(
      next.metal, into: next.metal, constant: difference.next / difference.dt, slope: mobility, laplacian)
  }

  /// What the implicit operator is applied to.
  private func gather(_ result: Field, _ state: State, _ difference: TimeDifference, _ mobility: Double) {
    let now = state.now
    let before = state.before
    let a = -difference.now / difference.dt
    let b = -difference.before / difference.dt
    let c = 1 + difference.ratio
    let e = -difference.ratio
    domain.forPlanes { cells in
      let (xi, xi0) = (now.metal.base, before.metal.base)
      let (v, v0) = (now.motion.base, before.motion.base)
      let (r, r0) = (now.restoring.base, before.restoring.base)
      let out = result.base
      for i in cells {
        let moved = c * v[i] + e * v0[i]
        let restored = c * r[i] + e * r0[i]
        out[i] = a * xi[i] + b * xi0[i] + moved + mobility * restored
      }
    }
  }

  /// Gives each piece the volume that its charge makes, in the time scheme's own difference.
  ///
  /// The defect goes back along the piece's interface with weight ψ w, a pure shift of a flat front. Cells
  /// that belong to no interface (bulk, far tails) enter the total, so that all metal equals all charge.
  /// - Returns: moved volume over the volume plated in the step (0 when the closure is off).
  func close(
    _ next: Moment, from state: State, by difference: TimeDifference, target: Double, enabled: Bool
  ) -> Double {
    let list = state.now.interface
    let count = state.now.pieces.count
    guard count > 0 else { return 0 }
    var change = [Double](repeating: 0, count: count)
    var weight = [Double](repeating: 0, count: count)
    collect(next, state, difference, list, &change, &weight)
    let cellVolume = domain.grid.cellVolume
    var moved = 0.0
    var plated = 0.0
    var shift = [Double](repeating: 0, count: count)
    var volumes = shift
    for (k, piece) in state.now.pieces.enumerated() {
      let before = state.before.pieces.first { $0.identity == piece.identity }?.current ?? piece.current
      let wanted = volumePerCharge * difference.extrapolate(piece.current, before) * difference.dt
      volumes[k] = wanted
      let defect = (wanted - change[k] * cellVolume) / difference.next
      moved += abs(defect)
      plated += abs(wanted / difference.next)
      if weight[k] > 0 { shift[k] = defect / (weight[k] * cellVolume) }
    }
    if enabled {
      spread(shift, over: list, next)
      // What happened outside the interfaces (far tails, bulk) is shared among the pieces as their growth is.
      let rest = target - metalVolume(next)
      let growth = volumes.reduce(0) { $0 + abs($1) }
      let weights = interfaceWeights(list, next, count)
      for k in 0..<count where weights[k] > 0 {
        shift[k] =
          rest * (growth > 0 ? abs(volumes[k]) / growth : 1 / Double(count)) / (weights[k] * cellVolume)
      }
      spread(shift, over: list, next)
    }
    return plated > 0 ? moved / plated : 0
  }

  /// Σ ψ (α0 ξ¹ + α1 ξ⁰ + α2 ξ⁻¹) and Σ ψ·ψw over each piece's interface.
  private func collect(
    _ next: Moment, _ state: State, _ difference: TimeDifference, _ list: Interface,
    _ change: inout [Double], _ weight: inout [Double]
  ) {
    let psi = domain.fluid.base
    for j in 0..<list.count where list.piece[j] >= 0 {
      let i = Int(list.cell[j])
      let k = Int(list.piece[j])
      let xi = next.metal.base[i]
      change[k] +=
        psi[i]
        * (difference.next * xi + difference.now * state.now.metal.base[i]
          + difference.before * state.before.metal.base[i])
      weight[k] += psi[i] * psi[i] * profile(xi)
    }
  }

  /// Σ ψ·ψw over each piece's interface.
  private func interfaceWeights(_ list: Interface, _ next: Moment, _ pieces: Int) -> [Double] {
    let psi = domain.fluid.base
    var weights = [Double](repeating: 0, count: pieces)
    for j in 0..<list.count where list.piece[j] >= 0 {
      let i = Int(list.cell[j])
      weights[Int(list.piece[j])] += psi[i] * psi[i] * profile(next.metal.base[i])
    }
    return weights
  }

  private func spread(_ shift: [Double], over list: Interface, _ next: Moment) {
    let psi = domain.fluid.base
    for j in 0..<list.count where list.piece[j] >= 0 {
      let i = Int(list.cell[j])
      next.metal.base[i] += shift[Int(list.piece[j])] * psi[i] * profile(next.metal.base[i])
    }
  }

  /// w = ξ(1−ξ)/ℓ.
  private func profile(_ xi: Double) -> Double { xi * (1 - xi) / domain.width }

  /// ∫ψξ dV, m³ (m² per metre of depth in two dimensions).
  func metalVolume(_ moment: Moment) -> Double {
    domain.sum { [psi = domain.fluid.base, xi = moment.metal.base] in psi[$0] * xi[$0] }
      * domain.grid.cellVolume
  }
}
