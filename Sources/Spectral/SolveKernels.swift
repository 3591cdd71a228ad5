/// The parts of an iteration of conjugate gradients by themselves, for benchmarks.
package final class SolveKernels {
  private let matrix: SingleMatrix
  private let preconditioner: SweepPreconditioner
  private let r, z: ColouredField
  private let partial: Scratch

  /// - Parameters: a system with its matrix as it is assembled now; right-hand side and solution of its equation.
  package init(_ grid: Grid, _ system: ConjugateGradient.System, _ b: Field, _ u: Field, pool: ThreadPool) {
    matrix = SingleMatrix(grid, pool: pool)
    (r, z) = (ColouredField(grid), ColouredField(grid))
    for i in 0..<grid.cells { r.cells.base[r.cells.place(of: i)] = Float((i &* 7919) % 1009) / 1009 - 0.5 }
    preconditioner = SweepPreconditioner(matrix, residual: r.cells)
    preconditioner.update(alpha: system.alpha, beta: system.beta, constantMode: system.constantMode)
    partial = Scratch(grid.count.x)
    begin(system, b, u)
  }

  /// What a solve begins with: the matrix in single precision and the residual.
  package func begin(_ system: ConjugateGradient.System, _ b: Field, _ u: Field) {
    matrix.copy(system.matrix, unit: system.unit, residualOf: u, b, into: z.cells)
  }

  /// One red–black sweep over all cells.
  package func sweep() {
    for colour in 0..<2 {
      matrix.pool.forPlanes(matrix.grid.count.x) {
        matrix.relax($0, colour, r.cells, from: z.cells, into: z.cells)
      }
    }
  }

  /// z = A r.
  package func applyMatrix() {
    matrix.pool.forPlanes(matrix.grid.count.x) {
      matrix.apply($0, r.cells, into: z.cells, products: partial.base)
    }
  }

  /// z = M⁻¹ r.
  package func precondition() { _ = preconditioner.apply(into: z.cells) }
}
