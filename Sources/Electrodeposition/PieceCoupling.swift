import Spectral

/// What a Newton step adds to the diffusion operator: the modes of the layer above, and the eliminated scalars,
/// −P T⁻¹ Pᵀ with P_ik = a_i B_i on the cells of piece k.
final class PieceCoupling: Coupling {
  private let owner: Potentials
  private let list: Interface
  private let size: Int
  private let system: SymmetricSystem
  private var projection: [Double]

  /// `nil` when T is not positive.
  init?(_ owner: Potentials, _ moment: Moment, _ border: [Double]) {
    self.owner = owner
    list = moment.interface
    size = Int(Double(border.count).squareRoot().rounded())
    guard let system = SymmetricSystem(border, size: size) else { return nil }
    self.system = system
    projection = [Double](repeating: 0, count: size)
  }

  func add(of u: Field, scaledBy scale: Double, to result: Field) {
    owner.modes.add(of: u, scaledBy: scale, to: result)
    project(u)
    system.solve(&projection)
    addCoupling(of: projection, scaledBy: -scale, to: result)
  }

  func add(of p: ColouredCells, to q: ColouredCells, scaledBy scale: Double) -> Double {
    var product = owner.modes.add(of: p, to: q, scaledBy: scale)
    for k in 0..<size { projection[k] = 0 }
    for j in 0..<list.count where list.weight[j] > 0 {
      let value = Double(p.base[Int(list.place[j])])
      projection[Int(list.piece[j])] += list.weight[j] * list.slope[j] * value
    }
    let before = projection
    for k in 0..<size { projection[k] *= owner.domain.grid.cellVolume }
    system.solve(&projection)
    for k in 0..<size { product -= scale * before[k] * projection[k] }
    for j in 0..<list.count where list.weight[j] > 0 {
      let value = list.weight[j] * list.slope[j] * projection[Int(list.piece[j])]
      q.base[Int(list.place[j])] -= Float(scale * value)
    }
    return product
  }

  /// 1ᵀ P T⁻¹ Pᵀ 1 per volume of a cell: with a given current all potentials move together, and only the top of
  /// the box holds their mean.
  func heldByPieces() -> Double {
    for k in 0..<size { projection[k] = 0 }
    for j in 0..<list.count where list.weight[j] > 0 {
      projection[Int(list.piece[j])] += list.weight[j] * list.slope[j]
    }
    let before = projection
    for k in 0..<size { projection[k] *= owner.domain.grid.cellVolume }
    system.solve(&projection)
    return (0..<size).reduce(0) { $0 + before[$1] * projection[$1] }
  }

  /// T⁻¹ of a right-hand side of the scalars.
  func scalars(for residual: [Double]) -> [Double] {
    var result = residual
    system.solve(&result)
    return result
  }

  /// Pᵀ u + residual.
  func project(_ u: Field, adding residual: [Double]) -> [Double] {
    project(u)
    return zip(projection, residual).map { $0 + $1 }
  }

  private func project(_ u: Field) {
    for k in 0..<size { projection[k] = 0 }
    let volume = owner.domain.grid.cellVolume
    for j in 0..<list.count where list.weight[j] > 0 {
      projection[Int(list.piece[j])] += list.weight[j] * list.slope[j] * u.base[Int(list.cell[j])] * volume
    }
  }

  /// result += scale · P y.
  func addCoupling(of y: [Double], scaledBy scale: Double = 1, to result: Field) {
    for j in 0..<list.count where list.weight[j] > 0 {
      result.base[Int(list.cell[j])] += scale * list.weight[j] * list.slope[j] * y[Int(list.piece[j])]
    }
  }
}
