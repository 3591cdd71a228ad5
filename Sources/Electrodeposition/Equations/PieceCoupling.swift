import Spectral

/// What a Newton step adds to the diffusion operator: the modes of the layer above, and the eliminated scalars,
/// −P T⁻¹ Pᵀ with P_ik = a_i B_i on the cells of piece k.
final class PieceCoupling: Coupling {
  private let domain: Domain
  private let modes: LateralModes
  private let list: Interface
  private let pieces: Int
  private let size: Int
  private let system: SymmetricSystem
  /// Pᵀ u and then T⁻¹ Pᵀ u; before that its sums per volume of a cell.
  private var projection: [Double]
  private var sums: [SIMD4<Double>] = []

  /// `nil` when T is not positive.
  init?(_ domain: Domain, _ modes: LateralModes, _ level: TimeLevel, _ border: [Double]) {
    self.domain = domain
    self.modes = modes
    list = level.interface
    pieces = level.pieces.count
    size = Int(Double(border.count).squareRoot().rounded())
    guard let system = SymmetricSystem(border, size: size) else { return nil }
    self.system = system
    projection = [Double](repeating: 0, count: size)
  }

  func add(of u: Field, scaledBy scale: Double, to result: Field) {
    modes.add(of: u, scaledBy: scale, to: result)
    project { u.base[Int(list.cell[$0])] }
    _ = solve()
    addCoupling(of: projection, scaledBy: -scale, to: result)
  }

  func add(of p: ColouredCells, to q: ColouredCells, scaledBy scale: Double) -> Double {
    let product = modes.add(of: p, to: q, scaledBy: scale)
    project { Double(p.base[Int(list.place[$0])]) }
    let held = solve()
    domain.forInterface(list) { places in
      for j in places where list.areaDensity[j] > 0 {
        let value = list.areaDensity[j] * list.conductance[j] * projection[Int(list.piece[j])]
        q.base[Int(list.place[j])] -= Float(scale * value)
      }
    }
    return product - scale * held
  }

  /// 1ᵀ P T⁻¹ Pᵀ 1 per volume of a cell: with a given current all potentials move together, and only the top of
  /// the box holds their mean.
  func heldByPieces() -> Double {
    project { _ in 1 }
    return solve()
  }

  /// T⁻¹ of a right-hand side of the scalars.
  func scalars(for residual: [Double]) -> [Double] {
    var result = residual
    system.solve(&result)
    return result
  }

  /// Pᵀ u + residual.
  func project(_ u: Field, adding residual: [Double]) -> [Double] {
    project { u.base[Int(list.cell[$0])] }
    return zip(projection, residual).map { $0 + $1 }
  }

  /// Turns Pᵀ u into y = T⁻¹ Pᵀ u; returns uᵀ P y per volume of a cell.
  private func solve() -> Double {
    system.solve(&projection)
    return sums.indices.reduce(0) { $0 + sums[$1][0] * projection[$1] }
  }

  /// Finds Pᵀ u.
  private func project(_ u: (Int) -> Double) {
    domain.sumByPiece(list, pieces, into: &sums) { places, own in
      for j in places where list.areaDensity[j] > 0 {
        own[Int(list.piece[j])][0] += list.areaDensity[j] * list.conductance[j] * u(j)
      }
    }
    for k in 0..<size { projection[k] = k < pieces ? sums[k][0] * domain.grid.cellVolume : 0 }
  }

  /// result += scale · P y.
  func addCoupling(of y: [Double], scaledBy scale: Double = 1, to result: Field) {
    domain.forInterface(list) { places in
      for j in places where list.areaDensity[j] > 0 {
        result.base[Int(list.cell[j])] +=
          scale * list.areaDensity[j] * list.conductance[j] * y[Int(list.piece[j])]
      }
    }
  }
}
