import Spectral

/// The box of a case made discrete: its grid, where it stands, the substrate, and the threads that work on it.
final class Domain {
  let grid: Grid
  let pool: ThreadPool
  /// Interface width ℓ, m.
  let width: Double
  /// Smallest radius that a surface can have, m: half a cell, or half an atom of the metal where cells are smaller.
  let smallestRadius: Double
  /// What lies below the box: its bottom is the surface of the substrate, unless it is raised.
  let wall: Wall
  /// What counts as metal.
  let volume: MetalVolume
  /// Rows of cells, all metal, between the substrate's surface and the bottom of the box: none unless the box is a moving
  /// window.
  var raised = 0
  /// What `overPlanes` finds for each plane, and `sumByRange` in each range of them.
  private let planeValues: UnsafeMutablePointer<SIMD4<Double>>
  private var rangeValues: UnsafeMutableBufferPointer<SIMD4<Double>>

  init(_ setup: Case, threads: Int) throws(SolverFailure) {
    let discretisation = setup.discretisation
    guard discretisation.isSensible else { throw .invalidCase("the box has no sensible number of cells") }
    grid = discretisation.grid
    pool = ThreadPool(threads: threads)
    width = discretisation.interfaceWidth
    planeValues = .allocate(capacity: grid.count.x)
    planeValues.initialize(repeating: SIMD4(repeating: 0), count: grid.count.x)
    rangeValues = .allocate(capacity: 0)
    wall = Wall(setup.substrate, grid)
    volume = MetalVolume(isCorrected: !setup.capillarity.growthReacts, width: width)
    smallestRadius = max(min(grid.spacing.x, grid.spacing.z), setup.metal.atom) / 2
  }

  deinit {
    planeValues.deallocate()
    rangeValues.deallocate()
  }

  /// Bottom of the box above the substrate's surface, m.
  var bottom: Double { Double(raised) * grid.spacing.z }

  /// Metal below the box, m³.
  var metalBelow: Double { bottom * grid.area }

  /// Middle of a row of cells above the substrate's surface, m.
  func height(_ z: Int) -> Double { grid.height(raised + z) }

  /// True in the middle of the interface: there the step's size is decided.
  @inline(__always)
  func isFront(_ xi: Double) -> Bool { xi > 0.25 && xi < 0.75 }

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

  /// Gives inactive cells near the interface the mean of their active neighbours, so that a cell that becomes
  /// active again starts from a sensible value.
  func extend(_ field: Field, of level: TimeLevel) {
    let (list, electrolyte) = (level.interface, level.electrolyteFraction.base)
    forInterface(list) { places in
      for j in places where electrolyte[Int(list.cell[j])] == 0 {
        let i = Int(list.cell[j])
        var sum = 0.0
        var found = 0.0
        grid.forNeighbours(of: i) { other in
          guard electrolyte[other] > 0 else { return }
          sum += field.base[other]
          found += 1
        }
        if found > 0 { field.base[i] = sum / found }
      }
    }
  }

  // MARK: The top of the box

  /// Runs over the cells below the top face that take part in transport, by their memory index.
  func forTop(of level: TimeLevel, _ body: (Int) -> Void) {
    for column in 0..<grid.columns {
      let i = (column + 1) * grid.count.z - 1
      if level.electrolyteFraction.base[i] > 0 { body(i) }
    }
  }

  /// Mean of a field over the cells below the top face.
  func meanOfTop(_ field: Field) -> Double { mean(field, row: grid.count.z - 1) }

  /// Mean of a field over the cells of a row.
  func mean(_ field: Field, row: Int) -> Double {
    (0..<grid.columns).reduce(0) { $0 + field.base[$1 * grid.count.z + row] } / Double(grid.columns)
  }
}
