import Spectral

extension Grid {
  /// Calls `body` with the four or six face neighbours of a cell: periodic sideways, none beyond the ends of z.
  @inline(__always)
  func forNeighbours(of i: Int, _ body: (Int) -> Void) {
    let plane = count.y * count.z
    let x = i / plane
    let z = i % count.z
    body(x + 1 == count.x ? i - x * plane : i + plane)
    body(x == 0 ? i + (count.x - 1) * plane : i - plane)
    if count.y > 1 {
      let y = (i - x * plane) / count.z
      body(y + 1 == count.y ? i - y * count.z : i + count.z)
      body(y == 0 ? i + (count.y - 1) * count.z : i - count.z)
    }
    if z + 1 < count.z { body(i + 1) }
    if z > 0 { body(i - 1) }
  }
}
