import Spectral

/// The motion v w of the front, with v = V_m i/F carried into the cells that take no part in transport.
final class Front {
  private let domain: Domain
  private let volumePerCharge: Double
  private let isVariational: Bool
  private let foot: Foot
  /// v on the cells that have one, `unset` elsewhere.
  private let speed: Field
  private static let unset = Double.greatestFiniteMagnitude
  private var waiting: [Int32] = []
  private var found: [(Int32, Double)] = []

  /// - Parameter isVariational: the motion is v w·5ξ(1−ξ).
  init(_ domain: Domain, _ foot: Foot, volumePerCharge: Double, isVariational: Bool) {
    self.domain = domain
    self.foot = foot
    self.volumePerCharge = volumePerCharge
    self.isVariational = isVariational
    speed = Field(domain.grid, filledWith: Self.unset)
  }

  /// Fills `motion` and `largestSpeed` of a moment from the currents on its interface.
  func update(_ moment: Moment) {
    let list = moment.interface
    waiting.removeAll(keepingCapacity: true)
    moment.largestSpeed = 0
    moment.frontSpeed = 0
    for j in 0..<list.count {
      let i = Int(list.cell[j])
      guard list.piece[j] >= 0, !list.enclosed[j] else {
        speed.base[i] = 0
        continue
      }
      guard list.active[j] else {
        waiting.append(Int32(j))
        continue
      }
      let v = volumePerCharge * list.current[j]
      speed.base[i] = v
      moment.largestSpeed = max(moment.largestSpeed, abs(v))
      if domain.isFront(moment.metal.base[i], i) { moment.frontSpeed = max(moment.frontSpeed, abs(v)) }
    }
    extend(list)
    moment.motion.fill(0)
    for j in 0..<list.count {
      let i = Int(list.cell[j])
      let xi = moment.metal.base[i]
      if speed.base[i] != Self.unset {
        moment.motion.base[i] = speed.base[i] * xi * (1 - xi) / domain.width
        if isVariational { moment.motion.base[i] *= Capillarity.interpolation(xi) }
      }
      speed.base[i] = Self.unset
    }
    foot.move(moment)
  }

  /// Layer by layer, each waiting cell takes the mean of its neighbours that have a speed.
  private func extend(_ list: Interface) {
    while !waiting.isEmpty {
      found.removeAll(keepingCapacity: true)
      waiting.removeAll { j in
        let i = Int(list.cell[Int(j)])
        var sum = 0.0
        var known = 0.0
        domain.grid.forNeighbours(of: i) { other in
          guard speed.base[other] != Self.unset else { return }
          sum += speed.base[other]
          known += 1
        }
        if known > 0 { found.append((Int32(i), sum / known)) }
        return known > 0
      }
      if found.isEmpty { return }
      for (i, value) in found { speed.base[Int(i)] = value }
    }
  }
}
