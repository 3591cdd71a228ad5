/// The layer above the box as the box sees it: a conductance for every lateral mode of the top cells.
///
/// Above the box −∇·(A∇u) = 0 over a thickness L with u fixed at its far end. A mode of lateral wavenumber k
/// then leaves with the flux A k coth(kL) u, in series with half a cell. The mean mode belongs to the caller,
/// who knows more about it; this operator adds what the other modes conduct beyond the mean:
/// symmetric and non-negative, because k coth(kL) ≥ 1/L.
package final class LateralModes: Coupling {
  private let grid: Grid
  private let plane: Field
  private let excess: Field
  /// k of each mode, 1/m.
  private let wavenumber: Field
  private let transform: Transform

  package init(_ grid: Grid, pool: ThreadPool) {
    self.grid = grid
    let flat = Grid(count: SIMD3(grid.count.x, grid.count.y, 1), spacing: grid.spacing)
    plane = Field(flat)
    excess = Field(flat)
    wavenumber = Field(flat)
    transform = Transform(flat, ends: .periodic, pool: pool)
    let y = transform.eigenvalues(axis: 1, .exact)
    for (ix, kx) in transform.eigenvalues(axis: 0, .exact).enumerated() {
      for (iy, ky) in y.enumerated() { wavenumber[ix, iy, 0] = (kx + ky).squareRoot() }
    }
  }

  /// Sets the layer.
  ///
  /// - Parameters: A at the top of the box; L, m (zero: u is fixed on the top face itself); conductance of
  ///   the mean mode between the centre of the top cells and outside, per area.
  package func update(coefficient: Double, thickness: Double, meanConductance: Double) {
    let halfCell = grid.spacing.z / (2 * coefficient)
    let scale = 1 / (transform.normalisation * grid.spacing.z)
    for mode in 0..<grid.columns {
      let k = wavenumber.base[mode]
      let layer = thickness > 0 && k > 0 ? tanh(k * thickness) / (k * coefficient) : 0
      let conductance = k > 0 ? 1 / (halfCell + layer) : meanConductance
      excess.base[mode] = max(0, conductance - meanConductance) * scale
    }
  }

  /// Adds the excess flux of the top cells of u, per volume of a top cell, to result (scaled).
  package func add(of u: Field, scaledBy scale: Double, to result: Field) {
    let n = grid.count
    for column in 0..<grid.columns { plane.base[column] = u.base[column * n.z + n.z - 1] }
    findFlux()
    for column in 0..<grid.columns { result.base[column * n.z + n.z - 1] += scale * plane.base[column] }
  }

  package func add(of p: ColouredCells, to q: ColouredCells, scaledBy scale: Double) -> Double {
    for column in 0..<grid.columns {
      let top = p.place(of: (column + 1) * grid.count.z - 1)
      plane.base[column] = Double(p.base[top])
    }
    findFlux()
    var product = 0.0
    for column in 0..<grid.columns {
      let top = p.place(of: (column + 1) * grid.count.z - 1)
      let flux = scale * plane.base[column]
      q.base[top] += Float(flux)
      product += Double(p.base[top]) * flux
    }
    return product
  }

  /// Turns the values of the top cells into their excess flux.
  private func findFlux() {
    transform.forward(plane, into: plane)
    for column in 0..<grid.columns { plane.base[column] *= excess.base[column] }
    transform.inverse(plane, into: plane)
  }
}
