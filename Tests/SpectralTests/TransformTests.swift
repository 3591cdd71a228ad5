import Testing

@testable import Spectral

private func noise(_ grid: Grid, seed: UInt64 = 1) -> Field {
  let field = Field(grid)
  var state = seed
  for index in 0..<field.count {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    field[index] = Double(state >> 11) / 0x1p53 - 0.5
  }
  return field
}

private func largestDifference(_ a: Field, _ b: Field, scale: Double = 1) -> Double {
  (0..<a.count).map { abs(a[$0] - scale * b[$0]) }.max() ?? 0
}

private func box(_ x: Int, _ y: Int, _ z: Int) -> Grid {
  Grid(count: SIMD3(x, y, z), spacing: SIMD3(0.5, 0.25, 0.125))
}

/// Even, odd and prime counts, axes of one cell, columns that do not fill a tile.
private let grids = [
  box(32, 1, 48), box(16, 12, 20), box(15, 1, 27), box(9, 7, 11), box(1, 1, 64), box(64, 1, 1),
  box(12, 10, 1),
  box(6, 1, 150), box(2, 3, 2), box(5, 4, 3), box(1, 1, 1), box(8, 1, 202),
]

struct TransformTests {
  let pool = ThreadPool(threads: 2)

  @Test("Inverse after forward gives the field times the normalisation", arguments: Ends.allCases, grids)
  func roundTrip(ends: Ends, grid: Grid) {
    let transform = Transform(grid, ends: ends, pool: pool, effort: .estimate)
    let (f, spectrum, back) = (noise(grid), Field(grid), Field(grid))
    transform.forward(f, into: spectrum)
    transform.inverse(spectrum, into: back)
    #expect(largestDifference(back, f, scale: transform.normalisation) < 1e-14 * transform.normalisation)

    // In place, and without touching the source out of place.
    let (inPlace, copy) = (noise(grid), Field(grid))
    copy.copy(from: spectrum)
    transform.forward(inPlace, into: inPlace)
    #expect(inPlace.values == spectrum.values)
    #expect(f.values == noise(grid).values)
    transform.inverse(spectrum, into: back)
    #expect(copy.values == spectrum.values)
    transform.inverse(inPlace, into: inPlace)
    #expect(inPlace.values == back.values)
  }

  @Test(
    "The first coefficient of a field with a mean is its sum", arguments: [Ends.noFlux, .periodic], grids)
  func firstCoefficient(ends: Ends, grid: Grid) {
    let transform = Transform(grid, ends: ends, pool: pool, effort: .estimate)
    let (f, spectrum) = (noise(grid), Field(grid))
    transform.forward(f, into: spectrum)
    #expect(abs(spectrum[0] - f.values.reduce(0, +)) < 1e-12)
    #expect((0..<3).allSatisfy { transform.eigenvalues(axis: $0, .exact)[0] == 0 })
  }

  @Test("The exact symbol solves for every eigenfunction", arguments: Ends.allCases, [0, 1, 3, 7])
  func eigenfunctions(ends: Ends, mode: Int) {
    for grid in [box(16, 1, 24), box(8, 12, 15)] {
      let solver = HelmholtzSolver(Transform(grid, ends: ends, pool: pool, effort: .estimate), .exact)
      let (wave, shape) = eigenfunction(ends, mode)
      let length = grid.extent
      let (kx, ky) = (2 * Double.pi * 3 / length.x, 2 * Double.pi * (grid.count.y > 1 ? 2 : 0) / length.y)
      let kz = wave / length.z
      let (f, u) = (Field(grid), Field(grid))
      for x in 0..<grid.count.x {
        for y in 0..<grid.count.y {
          for z in 0..<grid.count.z {
            let phase = kx * Double(x) * grid.spacing.x + 0.3
            f[x, y, z] = cos(phase) * cos(ky * Double(y) * grid.spacing.y) * shape(kz * grid.height(z))
          }
        }
      }
      solver.solve(f, into: u, alpha: 0.7, beta: 1.3)
      let factor = 1 / (1.3 + 0.7 * (kx * kx + ky * ky + kz * kz))
      #expect(largestDifference(u, f, scale: factor) < 1e-12)
    }
  }

  /// Wave number times length, and shape, of the eigenfunctions that the ends allow.
  private func eigenfunction(_ ends: Ends, _ mode: Int) -> (Double, (Double) -> Double) {
    switch ends {
    case .periodic: (2 * Double.pi * Double(mode), { cos($0 + 0.2) })
    case .noFlux: (Double.pi * Double(mode), { cos($0) })
    case .fixed: (Double.pi * Double(mode + 1), { sin($0) })
    case .noFluxThenFixed: (Double.pi * (Double(mode) + 0.5), { cos($0) })
    case .fixedThenNoFlux: (Double.pi * (Double(mode) + 0.5), { sin($0) })
    }
  }

  @Test("The finite-volume symbol inverts the three-point stencil", arguments: Ends.allCases, grids)
  func stencil(ends: Ends, grid: Grid) {
    let solver = HelmholtzSolver(Transform(grid, ends: ends, pool: pool, effort: .estimate), .finiteVolume)
    let (f, u, back) = (noise(grid), Field(grid), Field(grid))
    solver.solve(f, into: u, alpha: 0.7, beta: 1.3)
    applyStencil(u, ends, alpha: 0.7, beta: 1.3, into: back)
    #expect(largestDifference(back, f) < 1e-12)

    // The separate steps do the same.
    let spectrum = Field(grid)
    solver.transform.forward(f, into: spectrum)
    solver.divide(spectrum, alpha: 0.7, beta: 1.3)
    solver.transform.inverse(spectrum, into: spectrum)
    #expect(largestDifference(spectrum, u) < 1e-14)
  }

  /// βu − α∇²u by differences; beyond a no-flux end stands the same value, beyond a fixed end its negative.
  private func applyStencil(_ u: Field, _ ends: Ends, alpha: Double, beta: Double, into out: Field) {
    let (n, h) = (u.grid.count, u.grid.spacing)
    let (below, above): (Double, Double) =
      switch ends {
      case .periodic, .noFlux: (1, 1)
      case .fixed: (-1, -1)
      case .noFluxThenFixed: (1, -1)
      case .fixedThenNoFlux: (-1, 1)
      }
    for x in 0..<n.x {
      for y in 0..<n.y {
        for z in 0..<n.z {
          let centre = u[x, y, z]
          let wrap = ends == .periodic
          let down = z > 0 ? u[x, y, z - 1] : wrap ? u[x, y, n.z - 1] : below * centre
          let up = z < n.z - 1 ? u[x, y, z + 1] : wrap ? u[x, y, 0] : above * centre
          let alongX = u[(x + 1) % n.x, y, z] + u[(x + n.x - 1) % n.x, y, z] - 2 * centre
          let alongY = u[x, (y + 1) % n.y, z] + u[x, (y + n.y - 1) % n.y, z] - 2 * centre
          let laplacian = alongX / (h.x * h.x) + alongY / (h.y * h.y) + (up + down - 2 * centre) / (h.z * h.z)
          out[x, y, z] = beta * centre - alpha * laplacian
        }
      }
    }
  }

  @Test("The zero mode takes its own divisor", arguments: grids)
  func zeroMode(grid: Grid) {
    let solver = HelmholtzSolver(Transform(grid, ends: .noFlux, pool: pool, effort: .estimate), .exact)
    let (f, u) = (noise(grid), Field(grid))
    let mean = { (field: Field) in field.values.reduce(0, +) / Double(field.count) }
    solver.solve(f, into: u, alpha: 1, beta: 0, zeroMode: 4)
    #expect(abs(mean(u) - mean(f) / 4) < 1e-13)
    solver.solve(f, into: u, alpha: 1, beta: 0, zeroMode: .infinity)
    #expect(abs(mean(u)) < 1e-13)
  }

  @Test("The benchmark's yardstick runs on any pool")
  func yardstick() {
    for threads in [1, 2] {
      let pair = BareTransformPair(box(64, 1, 64), pool: ThreadPool(threads: threads))
      for _ in 0..<3 { pair.run() }
    }
  }
}

/// The planner belongs to the process: what compares bits must not run while another test forgets wisdom.
@Suite(.serialized)
struct WisdomTests {
  @Test(
    "Transforms give the same bits on 1, 2 and 3 threads", arguments: [box(256, 1, 256), box(32, 32, 32)])
  func anyNumberOfThreads(grid: Grid) {
    let f = noise(grid)
    let results = [1, 2, 3].map { threads in
      let transform = Transform(grid, ends: .noFlux, pool: ThreadPool(threads: threads))
      let (spectrum, back, solution) = (Field(grid), Field(grid), Field(grid))
      transform.forward(f, into: spectrum)
      transform.inverse(spectrum, into: back)
      HelmholtzSolver(transform, .exact).solve(f, into: solution, alpha: 1, beta: 2)
      return [spectrum.values, back.values, solution.values]
    }
    #expect(results[1] == results[0])
    #expect(results[2] == results[0])
  }

  @Test("Wisdom comes back as it went, and nonsense is refused")
  func roundTrip() {
    _ = Transform(box(40, 1, 36), ends: .noFlux, pool: ThreadPool(threads: 1))
    let wisdom = Wisdom.export()
    #expect(wisdom.contains("fftw"))
    #expect(Wisdom.restore(wisdom))
    #expect(!Wisdom.restore("nonsense"))
    #expect(fftwVersion.hasPrefix("fftw-3"))
  }

  @Test("Plans made from restored wisdom give the same bits")
  func sameBits() {
    let grid = box(48, 1, 56)
    let f = noise(grid)
    let first = Field(grid)
    Transform(grid, ends: .noFlux, pool: ThreadPool(threads: 1)).forward(f, into: first)
    let wisdom = Wisdom.export()
    Wisdom.forget()
    #expect(Wisdom.restore(wisdom))
    let second = Field(grid)
    Transform(grid, ends: .noFlux, pool: ThreadPool(threads: 2)).forward(f, into: second)
    #expect(second.values == first.values)
  }
}
