import CFFTW

/// FFTW's real-to-complex transform and its inverse, out of place and with nothing else: the yardstick of the
/// benchmarks.
package final class BareTransformPair: @unchecked Sendable {
  private let pool: ThreadPool
  private let cells: Scratch
  private let modes: Scratch
  private let forward: fftw_plan?
  private let inverse: fftw_plan?

  package init(_ grid: Grid, pool: ThreadPool) {
    self.pool = pool
    let shape = [grid.count.x, grid.count.y, grid.count.z].filter { $0 > 1 }.map { Int32($0) }
    let (cells, modes) = (
      Scratch(grid.cells), Scratch(2 * grid.columns * (grid.count.z / 2 + 1) + 2 * grid.cells)
    )
    let rank = Int32(shape.count)
    // Planned on the pool: FFTW takes its threaded plans only if they prove faster.
    let plans = Planning.exclusively(jobs: pool.threads) {
      var pair: (fftw_plan?, fftw_plan?) = (nil, nil)
      Planning.executing(on: pool) {
        pair = (
          fftw_plan_dft_r2c(rank, shape, cells.base, modes.complex, UInt32(FFTW_MEASURE)),
          fftw_plan_dft_c2r(rank, shape, modes.complex, cells.base, UInt32(FFTW_MEASURE))
        )
      }
      return pair
    }
    (forward, inverse) = plans
    (self.cells, self.modes) = (cells, modes)
    clear()
  }

  deinit {
    Planning.exclusively {
      if let forward { fftw_destroy_plan(forward) }
      if let inverse { fftw_destroy_plan(inverse) }
    }
  }

  /// Planning leaves noise behind, which unnormalised pairs would soon make infinite.
  private func clear() {
    cells.clear()
    modes.clear()
  }

  /// One pair.
  package func run() {
    Planning.executing(on: pool) {
      fftw_execute(forward)
      fftw_execute(inverse)
    }
  }
}
