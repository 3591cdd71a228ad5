import Spectral

/// To which piece each cell of the box belongs: the one whose interface is nearest, in steps from cell to cell.
/// Only used, and only found, while there are several pieces.
final class Regions {
  private let domain: Domain
  /// Steps to the nearest piece times 2²⁰ plus the piece's position: the smaller is the nearer.
  private let key: UnsafeMutablePointer<Int64>
  private static let step: Int64 = 1 << 20
  private static let far: Int64 = 1 << 60

  init(_ domain: Domain) {
    self.domain = domain
    let bytes = domain.grid.cells * MemoryLayout<Int64>.stride
    key = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
      .bindMemory(to: Int64.self, capacity: domain.grid.cells)
    key.initialize(repeating: 0, count: domain.grid.cells)
  }

  deinit { key.deallocate() }

  /// Position of the cell's piece in the moment's list.
  @inline(__always)
  subscript(i: Int) -> Int { Int(key[i] & (Self.step - 1)) }

  /// Finds the regions of a moment whose pieces and interface are known.
  ///
  /// Distances in steps are separable: they are passed on along z, then along y, then along x.
  func update(_ moment: Moment) {
    guard moment.pieces.count > 1 else { return }
    let n = domain.grid.count
    let plane = n.y * n.z
    domain.pool.forPlanes(n.x) { [self] planes in
      let list = moment.interface
      (key + planes.lowerBound * plane).update(repeating: Self.far, count: planes.count * plane)
      for j in list.planeStart[planes.lowerBound]..<list.planeStart[planes.upperBound]
      where list.piece[j] >= 0 { key[Int(list.cell[j])] = Int64(list.piece[j]) }
      for column in planes.lowerBound * n.y..<planes.upperBound * n.y { passAlongColumn(key + column * n.z) }
      guard n.y > 1 else { return }
      for x in planes { passOn(key + x * plane, rows: n.y, distance: n.z, width: 0..<n.z) }
    }
    domain.pool.run(ThreadPool.ranges) { [self] part in
      let blocks = ThreadPool.range(part, of: ThreadPool.ranges, in: plane / 8)
      passOn(key, rows: n.x, distance: plane, width: blocks.lowerBound * 8..<blocks.upperBound * 8)
    }
  }

  private func passAlongColumn(_ column: UnsafeMutablePointer<Int64>) {
    var nearest = Self.far
    for z in 0..<domain.grid.count.z {
      nearest = min(nearest + Self.step, column[z])
      column[z] = nearest
    }
    for z in (0..<domain.grid.count.z).reversed() {
      nearest = min(nearest + Self.step, column[z])
      column[z] = nearest
    }
  }

  /// From row to row of a periodic direction, one and a half times around each way.
  private func passOn(_ first: UnsafeMutablePointer<Int64>, rows: Int, distance: Int, width: Range<Int>) {
    func pass(_ from: Int, _ to: Int) {
      let source = UnsafeMutableRawPointer(first + from * distance).assumingMemoryBound(to: SIMD8<Int64>.self)
      let target = UnsafeMutableRawPointer(first + to * distance).assumingMemoryBound(to: SIMD8<Int64>.self)
      for block in width.lowerBound / 8..<width.upperBound / 8 {
        let passed = source[block] &+ Self.step
        target[block].replace(with: passed, where: passed .< target[block])
      }
    }
    let steps = rows + rows / 2
    for s in 1..<steps { pass((s - 1) % rows, s % rows) }
    for s in 1..<steps { pass((2 * rows - s) % rows, (2 * rows - s - 1) % rows) }
  }
}
