import Foundation
import Spectral

/// ∂u/∂t = g∇²u + u − u³ on n² cells of 1, periodic, from what `Benchmarks/peers/allen_cahn.py` starts with: backward
/// differences of second order, the Laplacian (of five points, as py-pde's) implicit, the rest extrapolated.
struct AllenCahn {
  private let steps: Int
  private let dt: Double
  private let path: String
  private let grid: Grid
  private let solver: HelmholtzSolver
  private let stiffness: Double

  /// Cells along a side, g, length and number of the steps, file for the last u (doubles, x slowest).
  init(_ arguments: [String]) throws {
    guard arguments.count == 5, let size = Size(arguments[0]), !size.isCube,
      let stiffness = Double(arguments[1]), let dt = Double(arguments[2]), let steps = Int(arguments[3])
    else {
      throw Report.Failure(
        "expected allen-cahn CELLS G STEP STEPS FILE, as in allen-cahn 512 1 0.1 100 u.bin")
    }
    (self.stiffness, self.dt, self.steps, path) = (stiffness, dt, steps, arguments[4])
    grid = size.grid
    solver = HelmholtzSolver(Transform(grid, ends: .periodic, pool: ThreadPool(threads: 1)), .finiteVolume)
  }

  /// Prints the seconds that the steps took.
  func run() throws {
    var (now, before) = (start(), Field(grid))
    let passed = seconds {
      for step in 0..<steps {
        let w = step == 0 ? 0.0 : 1.0
        fillRightSide(before, now, w)
        solver.solve(before, into: before, alpha: stiffness, beta: (1 + w / 2) / dt)
        swap(&now, &before)
      }
    }
    try Data(bytes: now.base, count: now.count * MemoryLayout<Double>.size).write(
      to: URL(fileURLWithPath: path))
    print(passed)
  }

  /// What is known of the next step, in place of the step before.
  private func fillRightSide(_ before: Field, _ now: Field, _ w: Double) {
    let (u0, u) = (before.base, now.base)
    let (a, b) = ((1 + w) / dt + 1 + w, w / 2 / dt + w)
    for i in 0..<now.count {
      u0[i] = (a - (1 + w) * u[i] * u[i]) * u[i] - (b - w * u0[i] * u0[i]) * u0[i]
    }
  }

  private func start() -> Field {
    let field = Field(grid)
    let n = grid.count.x
    let turn = 2 * Double.pi / Double(n)
    for i in 0..<n {
      for j in 0..<n {
        let (x, y) = ((Double(i) + 0.5) * turn, (Double(j) + 0.5) * turn)
        field[i, 0, j] = 0.1 + 0.6 * sin(9 * x + 2 * sin(3 * y)) * sin(8 * y + 2 * sin(2 * x))
      }
    }
    return field
  }
}
