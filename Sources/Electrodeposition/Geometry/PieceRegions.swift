import Spectral

/// To which piece each cell of the box belongs: the one whose interface is nearest, in steps from cell to cell.
/// Only used, and only found, while there are several pieces.
final class PieceRegions {
  private typealias Keys = SIMD8<Int32>
  private let domain: Domain
  /// Steps to the nearest piece times `step` plus the piece's position: the smaller is the nearer. Beyond 2³⁰ a cell
  /// is nobody's, and counts as the first piece's.
  private let key: UnsafeMutablePointer<Int32>
  /// A power of two, larger than any position.
  private var step: Int32 = 1
  private static let far: Int32 = 1 << 30

  init(_ domain: Domain) {
    self.domain = domain
    let bytes = domain.grid.cells * MemoryLayout<Int32>.stride
    key = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
      .bindMemory(to: Int32.self, capacity: domain.grid.cells)
    key.initialize(repeating: 0, count: domain.grid.cells)
  }

  deinit { key.deallocate() }

  /// Position of the cell's piece in the moment's list.
  @inline(__always)
  subscript(i: Int) -> Int { Int(key[i] & (step - 1)) }

  /// Whether eight cells, from a multiple of eight on, all belong to one piece.
  @inline(__always)
  func isOne(_ i: Int, _ piece: Int) -> Bool {
    let owners = Self.eight(key + i).pointee & Keys(repeating: step - 1)
    return all(owners .== Int32(piece))
  }

  @inline(__always)
  private static func eight(_ key: UnsafeMutablePointer<Int32>) -> UnsafeMutablePointer<Keys> {
    UnsafeMutableRawPointer(key).assumingMemoryBound(to: Keys.self)
  }

  /// Finds the regions of a moment whose pieces and interface are known.
  ///
  /// Distances in steps are separable: they are passed on along z, then along y, then along x.
  func update(_ level: TimeLevel) {
    guard level.pieces.count > 1 else { return }
    step = 1
    while Int(step) < level.pieces.count { step *= 2 }
    let n = domain.grid.count
    let plane = n.y * n.z
    domain.pool.forPlanes(n.x) { planes in
      let list = level.interface
      (key + planes.lowerBound * plane).update(repeating: Self.far, count: planes.count * plane)
      for j in list.places(of: planes) where list.piece[j] >= 0 { key[Int(list.cell[j])] = list.piece[j] }
      for column in planes.lowerBound * n.y..<planes.upperBound * n.y { passAlongColumn(key + column * n.z) }
      guard n.y > 1 else { return }
      for x in planes { passOn(key + x * plane, rows: n.y, distance: n.z, blocks: 0..<n.z / 8) }
    }
    domain.pool.run(ThreadPool.ranges) { part in
      passOn(
        key, rows: n.x, distance: plane, blocks: ThreadPool.range(part, of: ThreadPool.ranges, in: plane / 8))
    }
  }

  /// Within eight cells by doubling the reach, from eight to eight by the last.
  private func passAlongColumn(_ column: UnsafeMutablePointer<Int32>) {
    let (blocks, count) = (Self.eight(column), domain.grid.count.z / 8)
    let far = Self.far
    let away = Keys(1, 2, 3, 4, 5, 6, 7, 8) &* step
    let back = Keys(8, 7, 6, 5, 4, 3, 2, 1) &* step
    var nearest = far
    for block in 0..<count {
      var v = blocks[block]
      v = nearer(v, Keys(far, v[0], v[1], v[2], v[3], v[4], v[5], v[6]) &+ step)
      v = nearer(v, Keys(far, far, v[0], v[1], v[2], v[3], v[4], v[5]) &+ 2 &* step)
      v = nearer(v, Keys(far, far, far, far, v[0], v[1], v[2], v[3]) &+ 4 &* step)
      v = nearer(v, away &+ nearest)
      blocks[block] = v
      nearest = v[7]
    }
    nearest = far
    for block in (0..<count).reversed() {
      var v = blocks[block]
      v = nearer(v, Keys(v[1], v[2], v[3], v[4], v[5], v[6], v[7], far) &+ step)
      v = nearer(v, Keys(v[2], v[3], v[4], v[5], v[6], v[7], far, far) &+ 2 &* step)
      v = nearer(v, Keys(v[4], v[5], v[6], v[7], far, far, far, far) &+ 4 &* step)
      v = nearer(v, back &+ nearest)
      blocks[block] = v
      nearest = v[0]
    }
  }

  @inline(__always)
  private func nearer(_ a: Keys, _ b: Keys) -> Keys { a.replacing(with: b, where: b .< a) }

  /// From row to row of a periodic direction, one and a half times around each way.
  private func passOn(_ first: UnsafeMutablePointer<Int32>, rows: Int, distance: Int, blocks: Range<Int>) {
    func pass(_ from: Int, _ to: Int) {
      let (source, target) = (Self.eight(first + from * distance), Self.eight(first + to * distance))
      for block in blocks { target[block] = nearer(target[block], source[block] &+ step) }
    }
    let steps = rows + rows / 2
    for s in 1..<steps { pass((s - 1) % rows, s % rows) }
    for s in 1..<steps { pass((2 * rows - s) % rows, (2 * rows - s - 1) % rows) }
  }
}
