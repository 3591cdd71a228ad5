import Spectral

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The box of a case made discrete: its grid, the substrate in it, and the threads that work on it.
final class Domain {
  let grid: Grid
  let pool: ThreadPool
  /// Interface width ℓ and the substrate's ℓ_s, m.
  let width: Double
  let substrateWidth: Double
  /// Height of the substrate's surface above the bottom of the box, m; 0 without one.
  let surfaceHeight: Double
  /// Fluid fraction ψ: 1 in metal and electrolyte, 0 in the substrate, 1/(1+e^{−d_s/ℓ_s}) between.
  let fluid: Field
  /// The kinds of surface, and for each column (x·ny + y) which one it is.
  let surfaces: [Surface]
  let surfaceOfColumn: [Int]
  let islandCentres: [SIMD2<Double>]
  var hasSubstrate: Bool { surfaceHeight > 0 }
  /// What `overPlanes` finds for each plane, and `sumByRange` in each range of them.
  private let planeValues: UnsafeMutablePointer<SIMD4<Double>>
  private var rangeValues: UnsafeMutableBufferPointer<SIMD4<Double>>

  init(_ setup: Case, threads: Int) throws(SolverFailure) {
    let hasSubstrate = setup.substrate != nil
    (grid, surfaceHeight) = try Self.discretise(setup.box, setup.numerics, hasSubstrate: hasSubstrate)
    pool = ThreadPool(threads: threads)
    let cell = max(grid.spacing.x, grid.spacing.z, grid.isTwoDimensional ? 0 : grid.spacing.y)
    width = setup.numerics.interfaceWidth * cell
    substrateWidth = setup.numerics.substrateWidth * cell
    planeValues = .allocate(capacity: grid.count.x)
    planeValues.initialize(repeating: SIMD4(repeating: 0), count: grid.count.x)
    rangeValues = .allocate(capacity: 0)
    fluid = Field(grid, filledWith: 1)
    surfaces = setup.substrate.map { [$0.matrix] + ($0.islands.map { [$0.surface] } ?? []) } ?? []
    islandCentres = Self.lattice(setup.substrate?.islands, grid)
    surfaceOfColumn = Self.paint(setup.substrate?.islands, islandCentres, grid)
    if hasSubstrate { fillFluid() }
  }

  deinit {
    planeValues.deallocate()
    rangeValues.deallocate()
  }

  /// Rows of cells inside the substrate: enough for ψ to fall below 10⁻⁴.
  private static func substrateRows(_ numerics: Numerics) -> Int {
    Int((10.5 * numerics.substrateWidth).rounded(.up))
  }

  /// The grid nearest to the wanted cell size with an even number of cells sideways and a multiple of eight
  /// upwards, so that the box keeps its width and height to the last bit.
  private static func discretise(
    _ box: Box, _ numerics: Numerics, hasSubstrate: Bool
  ) throws(SolverFailure) -> (Grid, Double) {
    func even(_ length: Double) -> Int { max(8, 2 * Int((length / box.cell / 2).rounded())) }
    guard box.cell > 0, box.width / box.cell < 1e5, box.height / box.cell < 1e5 else {
      throw .invalidCase("the box has no sensible number of cells")
    }
    var above = max(16, Int((box.height / box.cell).rounded()))
    var below = 0
    if hasSubstrate {
      below = substrateRows(numerics)
      below += (8 - (above + below) % 8) % 8
    } else {
      above = max(16, 8 * Int((box.height / box.cell / 8).rounded()))
    }
    let dz = box.height / Double(above)
    let nx = even(box.width)
    let ny = box.depth.map(even) ?? 1
    let grid = Grid(
      count: SIMD3(nx, ny, above + below),
      spacing: SIMD3(box.width / Double(nx), (box.depth ?? 1) / Double(ny), dz))
    return (grid, Double(below) * dz)
  }

  private static func lattice(_ islands: Islands?, _ grid: Grid) -> [SIMD2<Double>] {
    guard let islands else { return [] }
    let alongX = max(1, Int((grid.extent.x / islands.pitch).rounded()))
    let alongY = grid.isTwoDimensional ? 1 : max(1, Int((grid.extent.y / islands.pitch).rounded()))
    let step = SIMD2(grid.extent.x / Double(alongX), grid.extent.y / Double(alongY))
    return (0..<alongX).flatMap { ix in
      (0..<alongY).map { iy in SIMD2(Double(ix) + 0.5, Double(iy) + 0.5) * step }
    }
  }

  /// Contact kinds are sharp by cell: a blended one would let electrons past a blocking island.
  private static func paint(_ islands: Islands?, _ centres: [SIMD2<Double>], _ grid: Grid) -> [Int] {
    var kind = [Int](repeating: 0, count: grid.columns)
    guard let islands else { return kind }
    for x in 0..<grid.count.x {
      for y in 0..<grid.count.y {
        let here = SIMD2((Double(x) + 0.5) * grid.spacing.x, (Double(y) + 0.5) * grid.spacing.y)
        let isInside = centres.contains {
          // A column whose middle lies on the edge belongs to the island, on both sides of it.
          lateralDistance(here, $0, grid) <= islands.diameter / 2 * (1 + 1e-9)
        }
        if isInside { kind[x * grid.count.y + y] = 1 }
      }
    }
    return kind
  }

  /// Shortest lateral distance in the periodic box, m; y does not count in two dimensions.
  static func lateralDistance(_ a: SIMD2<Double>, _ b: SIMD2<Double>, _ grid: Grid) -> Double {
    func wrapped(_ d: Double, _ period: Double) -> Double { d - period * (d / period).rounded() }
    let dx = wrapped(a.x - b.x, grid.extent.x)
    let dy = grid.isTwoDimensional ? 0 : wrapped(a.y - b.y, grid.extent.y)
    return (dx * dx + dy * dy).squareRoot()
  }

  private func fillFluid() {
    let profile = (0..<grid.count.z).map {
      1 / (1 + exp(-(grid.height($0) - surfaceHeight) / substrateWidth))
    }
    for column in 0..<grid.columns {
      for z in 0..<grid.count.z { fluid.base[column * grid.count.z + z] = profile[z] }
    }
  }

  /// True in the middle of the interface, above the substrate: there the step's size is decided.
  @inline(__always)
  func isFront(_ xi: Double, _ i: Int) -> Bool { xi > 0.1 && xi < 0.9 && fluid.base[i] > 0.1 }

  /// Sum over all cells of a function of the memory index of eight cells, in an order that does not depend on
  /// the threads.
  @inline(__always)
  func sum(_ body: (Int) -> Vector) -> Double {
    overPlanes(+) { cells in
      var sum = Vector(repeating: 0)
      for i in stride(from: cells.lowerBound, to: cells.upperBound, by: 8) { sum += body(i) }
      return SIMD4(sum.sum(), 0, 0, 0)
    }[0]
  }

  /// Four numbers of each plane, from the memory indices of its cells, put together in the order of the planes.
  func overPlanes(
    _ combine: (SIMD4<Double>, SIMD4<Double>) -> SIMD4<Double>,
    _ body: (Range<Int>) -> SIMD4<Double>
  ) -> SIMD4<Double> {
    let plane = grid.count.y * grid.count.z
    return fold(combine) { body($0 * plane..<($0 + 1) * plane) }
  }

  /// Four numbers of each plane, put together in their order.
  private func fold(
    _ combine: (SIMD4<Double>, SIMD4<Double>) -> SIMD4<Double>, _ value: (Int) -> SIMD4<Double>
  ) -> SIMD4<Double> {
    pool.forPlanes(grid.count.x) { planes in for x in planes { planeValues[x] = value(x) } }
    return UnsafeBufferPointer(start: planeValues + 1, count: grid.count.x - 1).reduce(
      planeValues[0], combine)
  }

  /// Runs over all cells, by planes, on the pool.
  func forPlanes(_ body: (Range<Int>) -> Void) {
    let plane = grid.count.y * grid.count.z
    pool.forPlanes(grid.count.x) { body($0.lowerBound * plane..<$0.upperBound * plane) }
  }

  /// Sets a field to zero.
  func clear(_ field: Field) {
    forPlanes { (field.base + $0.lowerBound).update(repeating: 0, count: $0.count) }
  }

  // MARK: Interface cells

  /// Runs over the places of an interface list.
  func forInterface(_ list: Interface, _ body: (Range<Int>) -> Void) {
    pool.forPlanes(grid.count.x) { body(list.places(of: $0)) }
  }

  /// Four numbers of each plane, from the places of its interface cells, put together in the order of the planes.
  func overInterface(
    _ list: Interface, _ combine: (SIMD4<Double>, SIMD4<Double>) -> SIMD4<Double>,
    _ body: (Range<Int>) -> SIMD4<Double>
  ) -> SIMD4<Double> {
    fold(combine) { body(list.places(of: $0..<$0 + 1)) }
  }

  /// The largest of what `body` finds on some places of an interface list.
  func largest(_ list: Interface, _ body: (Range<Int>) -> Double) -> Double {
    overInterface(list, pointwiseMax) { SIMD4(body($0), 0, 0, 0) }[0]
  }

  /// Sums over an interface list for each piece: `body` adds what it finds on some places to the numbers of their pieces.
  func sumByPiece(
    _ list: Interface, _ pieces: Int, into sums: inout [SIMD4<Double>],
    _ body: (Range<Int>, UnsafeMutablePointer<SIMD4<Double>>) -> Void
  ) {
    sumByRange(pieces, into: &sums) { body(list.places(of: $0), $1) }
  }

  /// As many sums that `body` adds up on ranges of planes, each range by itself and then all.
  func sumByRange(
    _ count: Int, into sums: inout [SIMD4<Double>],
    _ body: (Range<Int>, UnsafeMutablePointer<SIMD4<Double>>) -> Void
  ) {
    let ranges = ThreadPool.ranges
    if sums.count != count { sums = Array(repeating: SIMD4(repeating: 0), count: count) }
    if rangeValues.count < ranges * count {
      rangeValues.deallocate()
      rangeValues = .allocate(capacity: 2 * ranges * count)
    }
    let values = rangeValues.baseAddress!
    pool.run(ranges) { part in
      let own = values + part * count
      own.update(repeating: SIMD4(repeating: 0), count: count)
      body(ThreadPool.range(part, of: ranges, in: grid.count.x), own)
    }
    for k in 0..<count {
      sums[k] = (0..<ranges).reduce(SIMD4(repeating: 0)) { $0 + values[$1 * count + k] }
    }
  }
}
