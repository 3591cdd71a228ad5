/// The far end of the electrolyte as an electrode of the same metal, its metal at 0 V: it dissolves while this one plates.
final class CounterElectrode {
  private let rateLaw: RateLaw
  private let diffusionWeight: Double
  private let f: Double
  /// A = ∂i/∂c when φ follows c, A m/mol, of the level that was solved last.
  private(set) var response = 0.0

  /// `nil` below a reservoir.
  init?(_ setup: Case) {
    guard setup.electrolyte.end == .counterElectrode else { return nil }
    rateLaw = RateLaw(setup)
    diffusionWeight = setup.electrolyte.diffusionWeight
    f = setup.inverseThermalVoltage
  }

  /// J = κ (φ* − φ_top) of the path to the far end, with the counter electrode's kinetics and salt linearised.
  func exchange(
    _ level: TimeLevel, _ resistance: Double, _ shift: Double, _ end: EndSalt
  ) -> TopExchange {
    // The counter electrode dissolves while this one plates: its plating rate is −J.
    let law = self.law(level, end)
    let diffusion = diffusionWeight / f * end.response / end.salt
    let own = (1 + law.salt * end.response) / law.slope - diffusion
    let held = end.current * (law.salt * end.response / law.slope - diffusion)
    return TopExchange(
      conductance: 1 / (resistance + own),
      outside: level.counterPotential - law.rate / law.slope + held + shift)
  }

  /// Plating rate of the counter electrode, A/m², and its changes with −e and with c.
  private func law(_ level: TimeLevel, _ end: EndSalt) -> (rate: Double, slope: Double, salt: Double) {
    let (rate, slope) = rateLaw.rate(-level.counterPotential, salt: end.salt)
    return (rate, slope, rateLaw.saltSlope(rate, slope, salt: end.salt))
  }

  /// Moves the counter electrode's potential and salt to the current that the solve gave it. Returns how far the
  /// linearised law was off, in units of RT/F.
  func follow(
    _ level: TimeLevel, current: Double, _ end: inout EndSalt
  ) -> Double {
    let law = self.law(level, end)
    let salt = end(at: current)
    let linear = level.counterPotential - (current + law.rate + law.salt * (salt - end.salt)) / law.slope
    end.move(to: max(salt, 0.2 * end.salt))
    for _ in 0..<100 {
      let (rate, slope) = rateLaw.rate(-level.counterPotential, salt: end.salt)
      let step = max(-4 / f, min(4 / f, (current + rate) / slope))
      level.counterPotential -= step
      if abs(step) * f < 1e-13 { break }
    }
    let (rate, slope) = rateLaw.rate(-level.counterPotential, salt: end.salt)
    response = rateLaw.exchangeSlope(rate, slope, salt: end.salt)
    return salt < end.salt ? 1 : f * abs(level.counterPotential - linear)
  }
}
