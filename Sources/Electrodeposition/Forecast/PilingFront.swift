import Spectral

/// A flat film in a cation alone that migration brings faster than it is plated: there is no steady front.
///
/// What is left over, (τ − 1) i/F, gathers in the layer λ = σ/(f i) in which diffusion holds against the field, up to the
/// c0 (1 − 1/τ)(e^{L/λ} − 1) at which as much diffuses back through the gap L. The drop is that of σ.
struct PilingFront {
  private let setup: Case
  private let rateLaw: RateLaw
  /// V
  private let voltage: Double
  /// Thickness of the film, m.
  private(set) var thickness: Double
  /// s
  private(set) var time = 0.0
  /// Steps of the exchange of salt and potential, which bounds them.
  private(set) var exchanges = 0.0
  /// Charge passed, C/m².
  private(set) var charge = 0.0
  /// Salt that has gathered, mol/m².
  private var gathered = 0.0
  /// A/m²
  private var current = 0.0

  init(_ setup: Case, voltage: Double, from thickness: Double) {
    self.setup = setup
    self.voltage = voltage
    self.thickness = thickness
    rateLaw = RateLaw(setup)
  }

  /// Plates until the first limit, or until the box is full.
  mutating func advance(until limits: Limits) {
    let (f, sigma) = (setup.inverseThermalVoltage, setup.electrolyte.conductivity.value)
    let (concentration, tau) = (setup.electrolyte.concentration.value, setup.migrationRatio ?? 1)
    while thickness < setup.box.height - setup.box.cell {
      let salt = concentration + gathered * f * current / sigma
      let activation = react(salt)
      let (speed, layer) = (current * setup.volumePerCharge, sigma / (f * current))
      var rest = [limits.time.map { $0 - time }, limits.capacity.map { ($0 - charge) / current }]
      rest += [limits.thickness, limits.height].map { $0.map { ($0 - thickness) / speed } }
      let end = max(0, rest.compactMap(\.self).min() ?? .infinity)
      let surplus = max(tau - 1, 1e-9) * current / Constants.faraday
      // A cell of metal, or a tenth more salt, at a time.
      let dt = min(end, setup.box.cell / speed, 0.1 * salt * layer / surplus)
      let most = concentration * (1 - 1 / max(tau, 1 + 1e-9)) * expm1(min(gap / layer, 50)) * layer
      gathered = most + (gathered - most) * exp(-surplus * dt / most)
      exchanges += dt / exchangeTime(activation, salt: salt, layer: layer)
      time += dt
      charge += current * dt
      thickness += speed * dt
      if dt == end { return }
    }
  }

  /// Thickness of the electrolyte, m: below a far field it stays what it was.
  private var gap: Double {
    let electrolyte = setup.electrolyte.thickness
    return setup.box.height < electrolyte ? electrolyte : electrolyte - thickness
  }

  /// Finds the current at a salt, by bisection in e. Returns e, V.
  private mutating func react(_ salt: Double) -> Double {
    var (low, high) = (voltage, log(salt * rateLaw.inverseReference) / setup.inverseThermalVoltage)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      let drop = rateLaw.rate(middle, salt: salt).current * gap / setup.electrolyte.conductivity.value
      if middle - drop > voltage { high = middle } else { low = middle }
    }
    current = rateLaw.rate(low, salt: salt).current
    return low
  }

  /// Longest step of the exchange, s. A current answers the salt most where the reaction ends: there the drop has eased it
  /// least, and less salt has gathered.
  private func exchangeTime(_ activation: Double, salt: Double, layer: Double) -> Double {
    let (f, concentration) = (setup.inverseThermalVoltage, setup.electrolyte.concentration.value)
    let share = Interface.reactionReach.upperBound * setup.discretisation.interfaceWidth / layer
    func steepness(_ e: Double, _ salt: Double) -> Double {
      let (current, slope) = rateLaw.rate(e, salt: salt)
      return rateLaw.exchangeSlope(current, slope, salt: salt)
    }
    let outer = steepness(activation - share / f, concentration + (salt - concentration) * exp(-share))
    return setup.exchangeTime(steepest: outer, middle: steepness(activation, salt))
  }
}
