import Spectral

/// Which cells take part in transport: those with ε > 10⁻³ that reach the top of the box through such cells.
///
/// Where fronts meet, and where metal closes over the substrate's diffuse surface, small pockets are cut off.
/// They exchange nothing with the rest: salt and potential in them have no equation that fixes their level, and
/// the metal around them cannot grow into an incompressible liquid. They rest as they are.
final class ConnectedElectrolyte {
  private let domain: Domain
  /// For each column the row below which its cells are not connected straight upwards.
  private let gap: UnsafeMutablePointer<Int32>
  private var stack: [Int32] = []

  init(_ domain: Domain) {
    self.domain = domain
    gap = .allocate(capacity: domain.grid.columns)
    gap.initialize(repeating: 0, count: domain.grid.columns)
  }

  deinit { gap.deallocate() }

  /// Fills `electrolyte` of a moment from its ξ.
  func fill(_ level: TimeLevel) {
    let epsilon = level.electrolyteFraction
    dropColumns(level)
    connect(epsilon)
    let nz = domain.grid.count.z
    for column in 0..<domain.grid.columns {
      for i in column * nz..<column * nz + Int(gap[column]) where epsilon.base[i] < 0 { epsilon.base[i] = 0 }
    }
  }

  /// ε straight down from the top; below the first gap of a column −ε, to be decided.
  private func dropColumns(_ level: TimeLevel) {
    let n = domain.grid.count
    let plane = n.y * n.z
    domain.pool.forPlanes(n.x) { [self, xi = level.metal.base] planes in
      let out = level.electrolyteFraction.base
      for i in planes.lowerBound * plane..<planes.upperBound * plane {
        let epsilon = 1 - xi[i]
        out[i] = epsilon > Interface.activeFloor ? epsilon : 0
      }
      for column in planes.lowerBound * n.y..<planes.upperBound * n.y {
        var z = n.z - 1
        while z >= 0 && out[column * n.z + z] > 0 { z -= 1 }
        gap[column] = Int32(z + 1)
        for i in column * n.z..<column * n.z + z + 1 { out[i] = -out[i] }
      }
    }
  }

  /// Turns the undecided cells that touch decided ones, and those that touch them in turn.
  private func connect(_ epsilon: Field) {
    let nz = domain.grid.count.z
    let value = epsilon.base
    stack.removeAll(keepingCapacity: true)
    for column in 0..<domain.grid.columns {
      for i in column * nz..<column * nz + Int(gap[column]) where value[i] < 0 {
        var isReached = false
        domain.grid.forNeighbours(of: i) { if value[$0] > 0 { isReached = true } }
        if isReached { stack.append(Int32(i)) }
      }
    }
    while let top = stack.popLast() {
      let i = Int(top)
      if value[i] >= 0 { continue }
      value[i] = -value[i]
      domain.grid.forNeighbours(of: i) { if value[$0] < 0 { stack.append(Int32($0)) } }
    }
  }
}
