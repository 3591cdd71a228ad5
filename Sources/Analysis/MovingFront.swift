import Electrodeposition
import Spectral

/// A front in motion, row by row of the box in which it is disturbed.
struct MovingFront {
  /// d/ℓ
  let distance: [Double]
  /// c in the rows, and against the height above the front, mol/m³.
  let salt: [Double]
  let profile: SaltProfile
  /// m
  let height: Double
  /// V, and m/s.
  let voltage, speed: Double
}

/// c against the height above a flat front, mol/m³ and m: linear between its points and above them, constant below.
struct SaltProfile {
  private let heights, values: [Double]

  init(heights: [Double], values: [Double]) {
    self.heights = heights
    self.values = values
  }

  /// That of a steady front, and its continuation into the metal, where the interface reads it.
  init(steady front: FlatFront, over layer: Double) {
    let rise = front.salt(at: 1) - front.surfaceSalt
    let depth = rise > 0 ? -0.9 * front.surfaceSalt / rise : -1
    self.init(heights: [depth * layer, layer], values: [front.salt(at: depth), front.salt(at: 1)])
  }

  /// That of a run of a flat film: box and far field.
  init(_ simulation: Simulation) {
    let grid = simulation.grid
    let front = simulation.observables.maximumHeight
    var heights = (0..<grid.count.z).map { grid.height($0) - front }
    var values = (0..<grid.count.z).map { simulation.salt[0, 0, $0] }
    var bottom = grid.extent.z
    for (size, salt) in simulation.farCells {
      heights.append(bottom + size / 2 - front)
      values.append(salt)
      bottom += size
    }
    self.init(heights: heights, values: values)
  }

  subscript(_ height: Double) -> Double {
    let above = heights.firstIndex { $0 > height } ?? heights.count - 1
    guard above > 0 else { return values[0] }
    let share = (height - heights[above - 1]) / (heights[above] - heights[above - 1])
    return values[above - 1] + share * (values[above] - values[above - 1])
  }
}
