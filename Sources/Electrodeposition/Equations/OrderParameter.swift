import Spectral

/// The order parameter ξ: one semi-implicit spectral step, and the return of the charge defect.
///
///     ∂ξ/∂t = v w + b w [ tanh(2d/ℓ)(|∇d|²−1)/ℓ − ∂²d/∂n² ],   d = ℓ ln((1−ξ)/ξ),  w = ξ(1−ξ)/ℓ
///
/// v w moves the profile at exactly v (Nagumo front). The bracket only makes d a distance again: it is that of
/// Allen and Cahn, ∇²ξ − ξ(1−ξ)(1−2ξ)/ℓ², less its motion by curvature and with a steeper sign than their 1−2ξ = tanh(d/2ℓ),
/// and vanishes where |∇d| = 1.
/// BDF2 with variable step: ξ* is extrapolated, and δ = ξ¹ − ξ* solves
///
///     (α0/dt + m/ℓ² − m∇²) δ = v w + b[...] − D_t ξ*
///
/// with the exact −k² and rates extrapolated to the new moment. m keeps the Gibbs–Thomson term in v stable, m/ℓ² the well;
/// what moves the surface then reaches no farther into the tails than ξ does. Since both act on δ, which is of second order
/// in dt, neither they nor Young's angle at the wall (in the rates) need a boundary condition beyond no flux.
/// Source of the compensated bracket: Folch et al., Phys. Rev. E 60 (1999) 1724; Sun & Beckermann, J. Comput. Phys. 220
/// (2007) 626.
final class OrderParameter {
  private let domain: Domain
  private let transform: Transform
  private let laplacian: SymbolTable
  private let volumePerCharge: Double
  private let flows: Bool

  /// - Parameter flows: whether the profile flows down its energy.
  init(_ domain: Domain, volumePerCharge: Double, flows: Bool) {
    self.domain = domain
    self.flows = flows
    self.volumePerCharge = volumePerCharge
    transform = Transform(domain.grid, ends: .noFlux, pool: domain.pool)
    laplacian = transform.table(.exact)
  }

  /// Advances ξ from `now` and `before` into `trial`, without the closure.
  ///
  /// - Parameter mobility: b, m²/s.
  func advance(
    _ trial: TimeLevel, from state: State, by bdf: BDF2, mobility: Double, levelling: Double
  ) {
    if flows { return advanceByEnergy(trial, from: state, by: bdf, mobility: mobility) }
    findChange(trial.metal, state, bdf, mobility)
    transform.solve(
      trial.metal, into: trial.metal,
      constant: bdf.alpha0 / bdf.dt + hold(levelling),
      slope: levelling, laplacian)
    addExtrapolated(trial.metal, state, bdf)
  }

  /// What drives ξ¹ away from the extrapolated ξ*: v w + b [...] at the new moment, less D_t ξ*.
  private func findChange(
    _ result: Field, _ state: State, _ bdf: BDF2, _ mobility: Double
  ) {
    let (now, before, ratio, dt) = (state.now, state.before, bdf.ratio, bdf.dt)
    let perWidth = 1 / domain.width
    domain.forPlanes { cells in
      let (v, v0) = (now.advectionTerm.base, before.advectionTerm.base)
      let (r, r0) = (now.profileTerm.base, before.profileTerm.base)
      let out = result.base
      for i in stride(from: cells.lowerBound, to: cells.upperBound, by: 8) {
        let (speed, rate) = (load(v, i), load(r, i))
        let moved = speed + ratio * (speed - load(v0, i))
        let foreseen = foresee(now, before, bdf, i)
        let restored = rate + ratio * (rate - load(r0, i))
        let density = perWidth * foreseen.xi * (1 - foreseen.xi)
        store(density * moved + mobility * restored - foreseen.way / dt, out, i)
      }
    }
  }

  /// ξ* of eight cells, and dt D_t ξ*.
  ///
  /// Where the profile is steep d is extrapolated and not ξ, as a front in steady motion does: d is linear in time. The
  /// first step after a start goes on with v. In the tails, where d is read from numbers close to 0 and 1, ξ is.
  @inline(__always)
  private func foresee(
    _ now: TimeLevel, _ before: TimeLevel, _ bdf: BDF2, _ i: Int
  ) -> (xi: Vector, way: Vector) {
    let (xi, d, ratio) = (load(now.metal.base, i), load(now.distance.base, i), bdf.ratio)
    let isKnown = ratio > 0
    let change = xi - load(before.metal.base, i)
    let tail = isKnown ? ratio * change : Vector(repeating: 0)
    let trend =
      isKnown ? ratio * (d - load(before.distance.base, i)) : -bdf.dt * load(now.advectionTerm.base, i)
    let steep =
      (magnitude(d) .< Interface.steepReach * domain.width) .& (magnitude(trend) .< 0.5 * domain.width)
    guard any(steep) else { return (xi + tail, tail) }
    let ahead = 1 / (1 + exp((d + trend) / domain.width))
    // The way of d in units of ξ, with the density at ξ*.
    let way = -ahead * (1 - ahead) * trend / domain.width
    return ((xi + tail).replacing(with: ahead, where: steep), tail.replacing(with: way, where: steep))
  }

  /// Adds ξ*, and ends the tails: ξ is exactly 0 or 1 where it is closer to them than metal counts. The implicit part
  /// reaches far; what has no profile beside it stays as it is, and so does enclosed electrolyte.
  private func addExtrapolated(_ metal: Field, _ state: State, _ bdf: BDF2) {
    domain.forPlanes { [out = metal.base] cells in
      let (zero, one) = (Vector(repeating: 0), Vector(repeating: 1))
      for i in stride(from: cells.lowerBound, to: cells.upperBound, by: 8) {
        let xi = load(state.now.metal.base, i)
        let isAway = ((xi .== zero) .| (xi .== one)) .& (load(state.now.profileTerm.base, i) .== zero)
        let isEnclosed =
          (load(state.now.electrolyteFraction.base, i) .== zero) .& (one - xi .> Interface.activeFloor)
        let value = foresee(state.now, state.before, bdf, i).xi + load(out, i)
        let low = value.replacing(with: zero, where: value .<= Interface.end)
        let new = low.replacing(with: one, where: value .>= 1 - Interface.end)
        store(new.replacing(with: xi, where: isAway .| isEnclosed), out, i)
      }
    }
  }

  /// The step of the variational model, whose Laplacian is that of the energy and so exact in space.
  private func advanceByEnergy(
    _ trial: TimeLevel, from state: State, by bdf: BDF2, mobility: Double
  ) {
    gather(trial.metal, state, bdf, mobility)
    transform.solve(
      trial.metal, into: trial.metal, constant: bdf.alpha0 / bdf.dt + hold(mobility),
      slope: mobility,
      laplacian)
  }

  /// m/ℓ² (1/s) of the stabilising term m/ℓ² (ξ¹ − ξ*), ξ* the extrapolated field: the double well is implicit, at least as
  /// much as its largest slope, so that no step is too long for it.
  private func hold(_ mobility: Double) -> Double { mobility / (domain.width * domain.width) }

  /// What the implicit operator is applied to.
  private func gather(_ result: Field, _ state: State, _ bdf: BDF2, _ mobility: Double) {
    let now = state.now
    let before = state.before
    let c = 1 + bdf.ratio
    let e = -bdf.ratio
    let a = -bdf.alpha1 / bdf.dt + hold(mobility) * c
    let b = -bdf.alpha2 / bdf.dt + hold(mobility) * e
    domain.forPlanes { cells in
      let (xi, xi0) = (now.metal.base, before.metal.base)
      let (v, v0) = (now.advectionTerm.base, before.advectionTerm.base)
      let (r, r0) = (now.profileTerm.base, before.profileTerm.base)
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
  /// The volume of a piece is the metal (`MetalVolume`) in its region, the cells that are nearer to it than to others: its
  /// interface and the far tails of its profile. The defect goes back along its interface with weight w, a
  /// pure shift of a flat front. What faces enclosed electrolyte rests, and a piece that faces nothing else keeps its volume.
  /// - Parameters: the volume that all metal must have, m³; the region of each cell (position of its piece).
  /// - Returns: moved volume over the volume plated in the step.
  func applyChargeClosure(
    _ trial: TimeLevel, from state: State, by bdf: BDF2, target: Double, regions: PieceRegions,
    enabled: Bool
  ) -> Double {
    let count = state.now.pieces.count
    guard count > 0 else { return 0 }
    let list = state.now.interface
    let found = volumes(trial, state, bdf, regions)
    var moved = 0.0
    var plated = 0.0
    // What the pieces do not account for: round-off, which must not add up over the run.
    var rest = target - found.metal
    var missing = [Double](repeating: 0, count: count)
    var weights = zip(state.now.pieces, interfaceWeights(list, trial, count)).map { $0.reacts ? $1 : 0 }
    for (k, piece) in state.now.pieces.enumerated() {
      let before =
        state.before.pieces.first { $0.identity == piece.identity }?.metalCurrent ?? piece.metalCurrent
      let wanted = volumePerCharge * bdf.extrapolate(piece.metalCurrent, before) * bdf.dt
      missing[k] = weights[k] > 0 ? (wanted - found.changes[k]) / bdf.alpha0 : 0
      moved += abs(missing[k])
      plated += abs(wanted / bdf.alpha0)
      rest -= missing[k]
    }
    let all = weights.reduce(0, +)
    if enabled && all > 0 {
      for k in missing.indices { missing[k] += rest * weights[k] / all }
      // How much a shift moves is known exactly only on a flat surface: the secant says it on a curved one.
      for _ in 0..<Self.closures where missing.contains(where: { abs($0) > 1e-16 * found.metal }) {
        let shift = zip(missing, weights).map { $1 > 0 ? $0 / $1 : 0 }
        let gained = spread(shift, over: list, trial)
        for k in missing.indices {
          missing[k] -= gained[k]
          if gained[k] * shift[k] > 0 { weights[k] = gained[k] / shift[k] }
        }
      }
    }
    return plated > 0 ? moved / plated : 0
  }

  /// Secants that take the defect to rounding.
  private static let closures = 4

  /// Fills `reaction` of the new moment with the current that its growth is, (F/V_m) D_t ξ, A/m³.
  ///
  /// - Returns: its sum, A.
  func setReactionFromGrowth(_ trial: TimeLevel, from state: State, by bdf: BDF2) -> Double {
    let (xi, now, before) = (trial.metal.base, state.now.metal.base, state.before.metal.base)
    let scale = 1 / (volumePerCharge * bdf.dt)
    let (a, b, c) = (scale * bdf.alpha0, scale * bdf.alpha1, scale * bdf.alpha2)
    let sum = domain.sum { [reaction = trial.reaction.base] i in
      let growth = a * load(xi, i) + b * load(now, i) + c * load(before, i)
      store(growth, reaction, i)
      return growth
    }
    return sum * domain.grid.cellVolume
  }

  /// ∇²ξ of a moment with the exact −k², as the step takes it, 1/m².
  func findLaplacian(of level: TimeLevel, into result: Field) {
    transform.forward(level.metal, into: result)
    transform.multiplyByLaplacian(result, laplacian)
    transform.inverse(result, into: result)
  }

  /// α0 V¹ + α1 V⁰ + α2 V⁻¹ of the metal in each piece's region, and V¹ of all, m³.
  private func volumes(
    _ trial: TimeLevel, _ state: State, _ bdf: BDF2, _ regions: PieceRegions
  ) -> (changes: [Double], metal: Double) {
    let (a, b, c) = (bdf.alpha0, bdf.alpha1, bdf.alpha2)
    let count = state.now.pieces.count
    let plane = domain.grid.count.y * domain.grid.count.z
    // The changes of the pieces, then all metal.
    var sums: [SIMD4<Double>] = []
    domain.sumByRange(count + 1, into: &sums) { planes, own in
      for x in planes {
        var (sum, change) = (Vector(repeating: 0), Vector(repeating: 0))
        var owner = 0
        for i in stride(from: x * plane, to: (x + 1) * plane, by: 8) {
          let value = domain.volume.share(load(trial.metal.base, i))
          let growth = a * value + b * metal(of: state.now, i) + c * metal(of: state.before, i)
          sum += value
          if count == 1 || regions.isOne(i, owner) {
            change += growth
            continue
          }
          own[owner][0] += change.sum()
          change = Vector(repeating: 0)
          for k in 0..<8 { own[regions[i + k]][0] += growth[k] }
          owner = regions[i + 7]
        }
        own[owner][0] += change.sum()
        own[count][0] += sum.sum()
      }
    }
    let volume = domain.grid.cellVolume
    return (sums.dropLast().map { volume * $0[0] }, domain.metalBelow + volume * sums[count][0])
  }

  /// Metal in eight cells of a moment whose d is known.
  @inline(__always)
  private func metal(of level: TimeLevel, _ i: Int) -> Vector {
    domain.volume.share(load(level.metal.base, i), distance: load(level.distance.base, i))
  }

  /// ∫w dV over each piece's interface with electrolyte that is not enclosed, m³ per m of shift.
  private func interfaceWeights(_ list: Interface, _ trial: TimeLevel, _ pieces: Int) -> [Double] {
    var weights: [SIMD4<Double>] = []
    domain.sumByPiece(list, pieces, into: &weights) { places, own in
      for j in places where list.piece[j] >= 0 && !list.enclosed[j] {
        let i = Int(list.cell[j])
        own[Int(list.piece[j])][0] += profile(trial.metal.base[i])
      }
    }
    return weights.map { $0[0] * domain.grid.cellVolume }
  }

  /// Shifts the profile of each piece by some m.
  ///
  /// - Returns: what volume each gained, m³.
  private func spread(_ shift: [Double], over list: Interface, _ trial: TimeLevel) -> [Double] {
    var gained: [SIMD4<Double>] = []
    domain.sumByPiece(list, shift.count, into: &gained) { places, own in
      let metal = trial.metal.base
      for first in stride(from: places.lowerBound, to: places.upperBound, by: 8) {
        // Eight at a time, for the sake of the logarithm.
        var (old, way) = (Vector(repeating: 0), Vector(repeating: 0))
        let eight = first..<min(first + 8, places.upperBound)
        for j in eight where list.piece[j] >= 0 && !list.enclosed[j] {
          old[j - first] = metal[Int(list.cell[j])]
          way[j - first] = shift[Int(list.piece[j])]
        }
        let new = old + way * (old * (1 - old) / domain.width)
        let gain = domain.volume.share(new) - domain.volume.share(old)
        for j in eight where list.piece[j] >= 0 && !list.enclosed[j] {
          metal[Int(list.cell[j])] = new[j - first]
          own[Int(list.piece[j])][0] += gain[j - first]
        }
      }
    }
    return gained.map { $0[0] * domain.grid.cellVolume }
  }

  /// w = ξ(1−ξ)/ℓ.
  private func profile(_ xi: Double) -> Double { xi * (1 - xi) / domain.width }
}
