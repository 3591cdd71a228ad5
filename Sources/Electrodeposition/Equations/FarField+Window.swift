/// What passes between the far field and a box that is shifted.
extension FarField {
  /// Gives its lowest rows to the box; returns their c, mol/m³, from below.
  ///
  /// - Parameter topSalt: c of the top row of the box, mol/m³.
  func giveRows(_ rows: Int, _ level: TimeLevel, topSalt: Double) -> [Double] {
    let former = SaltProfile(cells(level), level.farSalt, bottom: bottomSalt(level, topSalt: topSalt))
    level.farThickness -= Double(rows) * topCell
    let salt = former.means(over: Array(repeating: topCell, count: rows) + cells(level))
    level.farSalt = Array(salt.dropFirst(rows))
    return Array(salt.prefix(rows))
  }

  /// Takes the highest rows of the box.
  ///
  /// - Parameters: their c, mol/m³, from below, and that of the row below them.
  func takeRows(_ rows: [Double], _ level: TimeLevel, topSalt: Double) {
    let sizes = rows.map { _ in topCell } + cells(level)
    let former = SaltProfile(sizes, rows + level.farSalt, bottom: (topSalt + rows[0]) / 2)
    level.farThickness += Double(rows.count) * topCell
    level.farSalt = former.means(over: cells(level))
  }
}

/// c of cells that lie one above the other as a function of height: a parabola in each, whose mean is the cell's.
///
/// It is exact where c is a straight line, and holds as much salt however it is cut.
struct SaltProfile {
  /// Thicknesses, m, and c, mol/m³, from below.
  private let sizes, salts: [Double]
  /// c on the faces.
  private let faces: [Double]

  /// - Parameter bottom: c on the lowest face, mol/m³.
  init(_ sizes: [Double], _ salts: [Double], bottom: Double) {
    (self.sizes, self.salts) = (sizes, salts)
    let inner = sizes.indices.dropFirst().map {
      (salts[$0 - 1] * sizes[$0] + salts[$0] * sizes[$0 - 1]) / (sizes[$0 - 1] + sizes[$0])
    }
    let below = [bottom] + inner
    faces = below + [2 * salts[salts.count - 1] - below[below.count - 1]]
  }

  /// Means over other cells from the bottom up, which together are as thick.
  func means(over others: [Double]) -> [Double] {
    var (cell, start) = (0, 0.0)
    return others.enumerated().map { place, size in
      var (left, sum) = (size, 0.0)
      // The last takes what is left, so that nothing is lost to round-off.
      let takesAll = place == others.count - 1
      while cell < sizes.count, left > 0 || takesAll {
        let rest = (1 - start) * sizes[cell]
        let end = takesAll || left >= rest ? 1 : start + left / sizes[cell]
        sum += sizes[cell] * (part(of: cell, upTo: end) - part(of: cell, upTo: start))
        left -= rest
        (cell, start) = end < 1 ? (cell, end) : (cell + 1, 0)
      }
      return sum / size
    }
  }

  /// ∫c from the bottom of a cell up to a share of it, over the thickness of the cell, mol/m³.
  private func part(of cell: Int, upTo share: Double) -> Double {
    let (mean, low, high) = (salts[cell], faces[cell], faces[cell + 1])
    let bend = 6 * mean - 3 * (low + high)
    return mean * share
      + share * ((low - mean) + share * ((high - low + bend) / 2 - share * bend / 3))
  }
}
