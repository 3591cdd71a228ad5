import CFFTW

/// FFTW's real-to-complex transform and its inverse, out of place and with nothing else: the yardstick of the
/// benchmarks.
package final class BareTransformPair: @unchecked Sendable {
  private let pool: ThreadPool
  private let cells: Scratch
  private let modes: Scratch
  private let forward: Plan
  private let inverse: Plan

  package init(_ grid: Grid, pool: ThreadPool) {
    self.pool = pool
    let shape = [grid.count.x, grid.count.y, grid.count.z].filter { $0 > 1 }.map { Int32($0) }
    let (cells, modes) = (
      Scratch(grid.cells), Scratch(2 * grid.columns * (grid.count.z / 2 + 1) + 2 * grid.cells)
    )
    let rank = Int32(shape.count)
    // Planned on the pool: FFTW takes its threaded plans only if they prove faster.
    func plan(_ make: () -> fftw_plan?) -> Plan {
      Plan(jobs: pool.threads) { Planning.executing(on: pool, make) }
    }
    forward = plan { fftw_plan_dft_r2c(rank, shape, cells.base, modes.complex, Effort.measure.flag) }
    inverse = plan { fftw_plan_dft_c2r(rank, shape, modes.complex, cells.base, Effort.measure.flag) }
    (self.cells, self.modes) = (cells, modes)
    clear()
  }

  /// Planning leaves noise behind, which unnormalised pairs would soon make infinite.
  private func clear() {
    cells.clear()
    modes.clear()
  }

  /// One pair.
  package func run() {
    Planning.executing(on: pool) {
      fftw_execute(forward.raw)
      fftw_execute(inverse.raw)
    }
  }
}
