import Spectral

/// A box of n² cells in two dimensions, or n³.
struct Size: Sendable {
  let count: Int
  let isCube: Bool

  /// "512", or "64^3".
  init?(_ text: String) {
    isCube = text.hasSuffix("^3")
    guard let count = Int(isCube ? text.dropLast(2) : text[...]),
      (32...(isCube ? 512 : 8192)).contains(count), count % 8 == 0
    else {
      return nil
    }
    self.count = count
  }

  var cells: Int { isCube ? count * count * count : count * count }
  var grid: Grid { Grid(count: SIMD3(count, isCube ? count : 1, count), spacing: SIMD3(1, 1, 1)) }
  var label: String { "\(count)\(isCube ? "³" : "²")" }
  /// For machines.
  var name: String { "\(count)^\(isCube ? 3 : 2)" }
}
