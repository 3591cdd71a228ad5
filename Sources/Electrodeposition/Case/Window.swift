/// When a box that is a moving window is shifted.
enum Window {
  /// Rows of cells that it is shifted by at once: as many as make a vector.
  static let step = 8
  /// Rows of nothing but metal that it rests on while the substrate is below it. It comes down when there are fewer.
  static let rest = 8
  /// How far the profile of a front reaches before ξ is 0 or 1, in ℓ.
  private static let reach = 16.0

  /// Rows that leave what it rests on, and a step, below a front in the middle.
  ///
  /// - Parameter cellsPerWidth: ℓ in cells.
  static func leastRows(_ cellsPerWidth: Double) -> Int {
    2 * (Int((reach * cellsPerWidth).rounded(.up)) + step + rest)
  }
}
