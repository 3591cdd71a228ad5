import Electrodeposition
import Foundation
import Spectral

/// Snapshots with shapes that are known, for tests of files and pictures.
package enum MadeUp {
  /// Metal where `metal(x, y, z)` is positive (roughly a distance in cells; z above the substrate), with
  /// tanh profiles; the salt falls from 1000 mol/m³ at the top to 1000 − `depletion` near the metal.
  package static func snapshot(
    count: SIMD3<Int>, cell: Double = 10e-9, islandPitch: Int? = nil,
    depletion: Double = 600, noise: Double = 0, metal: (Double, Double, Double) -> Double
  ) -> Snapshot {
    let grid = Grid(count: count, spacing: SIMD3(repeating: cell))
    var items = ["metal", "salt", "potential", "piece"].map { _ in
      [Double](repeating: 0, count: grid.cells)
    }
    var random = SystemRandomNumberGenerator()
    for x in 0..<count.x {
      for y in 0..<count.y {
        for z in 0..<count.z {
          let place = grid.index(x, y, z)
          let height = Double(z) + 0.5
          let distance = metal(Double(x) + 0.5, Double(y) + 0.5, height)
          let xi = 0.5 * (1 + tanh(distance / 3))
          items[0][place] = xi
          let far = max(0, -distance) / (0.3 * Double(count.z))
          let salt = 1000 - depletion * exp(-far) * (1 - 0.5 * height / Double(count.z))
          items[1][place] =
            xi > 0.6 ? 0 : salt + (noise > 0 ? .random(in: -noise...noise, using: &random) : 0)
          items[2][place] = -0.05 * exp(-far)
          items[3][place] = xi > 0.5 ? 1 : 0
        }
      }
    }
    var observables = Observables()
    observables.step = 1234
    observables.time = 754.3
    observables.voltage = -0.05213
    observables.currentDensity = 10
    observables.capacity = 7.54
    observables.equivalentThickness = 101.7e-9
    observables.pieces = 3
    let names = [("metal", "1"), ("salt", "mol/m^3"), ("potential", "V"), ("piece", "1")]
    var islands: [Bool] = []
    if let islandPitch {
      for x in 0..<count.x {
        for y in 0..<count.y {
          let dx = Double(x % islandPitch) + 0.5 - Double(islandPitch) / 2
          let dy = count.y == 1 ? 0 : Double(y % islandPitch) + 0.5 - Double(islandPitch) / 2
          islands.append((dx * dx + dy * dy).squareRoot() < 0.2 * Double(islandPitch))
        }
      }
    }
    return Snapshot(
      grid: grid, hasSubstrate: true, onIsland: islands,
      items: zip(names, items).map { Snapshot.Item(name: $0.0, unit: $0.1, values: $1) },
      observables: observables)
  }

  /// A flat film with a bump on each island.
  package static func film(_ count: SIMD3<Int>, pitch: Int, thickness: Double, bump: Double) -> Snapshot {
    snapshot(count: count, islandPitch: pitch) { x, y, z in
      let flat = thickness - z
      let dx = x.truncatingRemainder(dividingBy: Double(pitch)) - Double(pitch) / 2
      let dy = count.y == 1 ? 0 : y.truncatingRemainder(dividingBy: Double(pitch)) - Double(pitch) / 2
      let radius = bump * (1 + 0.3 * sin(x * 0.013 + y * 0.02))
      return max(flat, radius - (dx * dx + dy * dy + (z - thickness) * (z - thickness)).squareRoot())
    }
  }

  /// A needle with a round tip that stands on a cap.
  package static func needle(_ count: SIMD3<Int>, height: Double, radius: Double) -> Snapshot {
    snapshot(count: count, islandPitch: count.x) { x, y, z in
      let dx = x - Double(count.x) / 2
      let dy = count.y == 1 ? 0 : y - Double(count.y) / 2
      let aside = (dx * dx + dy * dy).squareRoot()
      let above = max(0, z - height)
      let shaft = radius - (aside * aside + above * above).squareRoot()
      return max(shaft, 3 * radius - (aside * aside + z * z).squareRoot())
    }
  }

  package static func bare(_ count: SIMD3<Int>) -> Snapshot {
    snapshot(count: count, islandPitch: 40, depletion: 0, noise: 1e-6) { _, _, _ in -100 }
  }
}
