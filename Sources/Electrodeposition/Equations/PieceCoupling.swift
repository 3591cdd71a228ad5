import Spectral

/// What a Newton step adds to the diffusion operator: the modes of the layer above, and the eliminated scalars,
/// −P T⁻¹ Pᵀ with P_ik = a_i B_i on the cells of piece k, and for V as an unknown on those of the conversion.
final class PieceCoupling: Coupling {
  private let domain: Domain
  private let modes: LateralModes
  private let list: Interface
  /// Of a V that is an unknown.
  private let conversion: SubstrateConversion?
  private let pieces: Int
  private let size: Int
  private let system: SymmetricSystem
  /// Pᵀ u and then T⁻¹ Pᵀ u; before that its sums per volume of a cell.
  private var projection: [Double]
  private var sums: [SIMD4<Double>] = []
  /// The same of V.
  private var convertedSum = 0.0

  /// `nil` when T is not positive.
  init?(
    _ domain: Domain, _ modes: LateralModes, _ level: TimeLevel, _ border: [Double],
    _ conversion: SubstrateConversion?
  ) {
    self.domain = domain
    self.modes = modes
    list = level.interface
    pieces = level.pieces.count
    size = Int(Double(border.count).squareRoot().rounded())
    self.conversion = size > pieces ? conversion : nil
    guard let system = SymmetricSystem(border, size: size) else { return nil }
    self.system = system
    projection = [Double](repeating: 0, count: size)
  }

  func add(of u: Field, scaledBy scale: Double, to result: Field) {
    modes.add(of: u, scaledBy: scale, to: result)
    projectCells(u)
    _ = solve()
    addCoupling(of: projection, scaledBy: -scale, to: result)
  }

  func add(of p: ColouredCells, to q: ColouredCells, scaledBy scale: Double) -> Double {
    let product = modes.add(of: p, to: q, scaledBy: scale)
    project({ Double(p.base[Int(list.place[$0])]) }, { Double(p.base[Int($0.places[$1])]) })
    let held = solve()
    domain.forInterface(list) { places in
      for j in places where list.areaDensity[j] > 0 {
        let value = list.areaDensity[j] * list.conductance[j] * projection[Int(list.piece[j])]
        q.base[Int(list.place[j])] -= Float(scale * value)
      }
    }
    if let conversion {
      for (k, place) in conversion.places.enumerated() {
        q.base[Int(place)] -= Float(scale * conversion.slope[k] * projection[pieces])
      }
    }
    return product - scale * held
  }

  /// 1ᵀ P T⁻¹ Pᵀ 1 per volume of a cell: with a given current all potentials move together, and only the top of
  /// the box holds their mean.
  func heldByPieces() -> Double {
    project({ _ in 1 }, { _, _ in 1 })
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
    projectCells(u)
    return zip(projection, residual).map { $0 + $1 }
  }

  /// Turns Pᵀ u into y = T⁻¹ Pᵀ u; returns uᵀ P y per volume of a cell.
  private func solve() -> Double {
    system.solve(&projection)
    let held = sums.indices.reduce(0) { $0 + sums[$1][0] * projection[$1] }
    return conversion == nil ? held : held + convertedSum * projection[pieces]
  }

  private func projectCells(_ u: Field) {
    project({ u.base[Int(list.cell[$0])] }, { u.base[Int($0.cells[$1])] })
  }

  /// Finds Pᵀ u.
  ///
  /// - Parameters: u at a place of the interface, and in the lowest cell of a column.
  private func project(_ u: (Int) -> Double, _ lowest: (SubstrateConversion, Int) -> Double) {
    domain.sumByPiece(list, pieces, into: &sums) { places, own in
      for j in places where list.areaDensity[j] > 0 {
        own[Int(list.piece[j])][0] += list.areaDensity[j] * list.conductance[j] * u(j)
      }
    }
    convertedSum =
      conversion.map { conversion in
        conversion.slope.indices.reduce(0) { $0 + conversion.slope[$1] * lowest(conversion, $1) }
      } ?? 0
    for k in 0..<size { projection[k] = (k < pieces ? sums[k][0] : convertedSum) * domain.grid.cellVolume }
  }

  /// result += scale · P y.
  func addCoupling(of y: [Double], scaledBy scale: Double = 1, to result: Field) {
    domain.forInterface(list) { places in
      for j in places where list.areaDensity[j] > 0 {
        result.base[Int(list.cell[j])] +=
          scale * list.areaDensity[j] * list.conductance[j] * y[Int(list.piece[j])]
      }
    }
    if let conversion {
      for (k, cell) in conversion.cells.enumerated() {
        result.base[Int(cell)] += scale * conversion.slope[k] * y[pieces]
      }
    }
  }
}
