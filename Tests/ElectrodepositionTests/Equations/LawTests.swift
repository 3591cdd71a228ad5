import Spectral
import Testing

@testable import Electrodeposition
@testable import Verification

private func number(_ value: Double) -> Sourced { Sourced(value, "1", .chosen, "test") }

/// A law of one variable with the slope that a Newton step takes, and what is known of it.
private struct Law: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let value, slope: @Sendable (Double) -> Double
  let points: [Double]
  /// Where it is zero; `nil` if nowhere.
  let zero: Double?
  /// 1 where it rises, −1 where it falls.
  let direction: Double
  /// A place far out, and the value there.
  let limit: (at: Double, value: Double)?

  static let all = rates + junctions

  /// i(e) at a salt, i(c) at a potential; with and without film.
  private static let rates: [Law] = [0, 1e-4, 1e-2].flatMap { film in
    var setup = PlainCell().setup
    setup.kinetics.filmResistance = number(film)
    let (law, f) = (RateLaw(setup), setup.inverseThermalVoltage)
    let c0 = setup.electrolyte.concentration.value
    return [
      Law(
        testDescription: "i(e), film \(film) ohm m²", value: { law.rate($0, salt: 700).current },
        slope: { -law.rate($0, salt: 700).slope }, points: [-0.15, -0.01, 0.02, 0.08],
        zero: log(700 / c0) / f,
        direction: -1, limit: nil),
      Law(
        testDescription: "i(c), film \(film) ohm m²", value: { law.rate(-0.05, salt: $0).current },
        slope: { c in
          let (i, slope) = law.rate(-0.05, salt: c)
          return law.saltSlope(i, slope, salt: c)
        }, points: [1, 300, 1500], zero: c0 * exp(-0.05 * f), direction: 1, limit: nil),
    ]
  }

  private static let junctions: [Law] = {
    let temperature = 298.15
    func law(_ name: String, _ contact: Contact, limit: (at: Double, value: Double)?) -> Law {
      let junction = JunctionLaw(contact, temperature: temperature)
      return Law(
        testDescription: name, value: { junction.current($0).value }, slope: { junction.current($0).slope },
        points: [-0.12, -0.01, 0.003, 0.2], zero: 0, direction: 1, limit: limit)
    }
    return Schottky.Polarity.allCases.flatMap { polarity in
      [0, 1e-3].map { bulk in
        let contact = schottky(polarity, bulk: bulk)
        let saturation = contact.saturationCurrent(temperature: temperature)
        let limit: (at: Double, value: Double)? =
          switch (polarity, bulk) {
          case (.blocking, 0): (at: 2, value: saturation + 2 / contact.leakResistance.value)
          case (.conducting, 0): (at: -2, value: -saturation)
          case (.backToBack, 0): (at: 2, value: saturation)
          default: nil
          }
        return law("J(u) \(polarity), bulk \(bulk) ohm m²", .schottky(contact), limit: limit)
      }
    } + [law("J(u) ohmic", .ohmic(resistance: number(1e-5)), limit: (at: 3, value: 3e5))]
  }()
}

private func schottky(_ polarity: Schottky.Polarity, bulk: Double) -> Schottky {
  Schottky(
    polarity: polarity, barrier: number(0.6), richardson: number(Constants.richardson),
    ideality: number(1.3), leakResistance: number(0.05), bulkResistance: number(bulk))
}

struct LawTests {
  let temperature = 298.15

  @Test("Each law has its slope, its direction, its zero and its limit", arguments: Law.all)
  private func law(_ law: Law) {
    for x in law.points {
      let h = 1e-6 * max(1, abs(x))
      let (quotient, slope) = ((law.value(x + h) - law.value(x - h)) / (2 * h), law.slope(x))
      #expect(abs(quotient - slope) < 1e-5 * abs(slope) + 1e-7)
      #expect(law.direction * slope >= 0)
    }
    if let zero = law.zero {
      let step = 1e-3 * max(1, abs(zero))
      let beside = max(abs(law.value(zero - step)), abs(law.value(zero + step)))
      #expect(beside > 0 && abs(law.value(zero)) < 1e-9 * beside)
    }
    if let limit = law.limit { #expect(abs(law.value(limit.at) / limit.value - 1) < 1e-3) }
  }

  @Test(
    "Rates of eight points are those of each by itself, with a film and without", arguments: [0, 1e-3, 10])
  func ratesOfEight(resistance: Double) {
    let law = RateLaw(PlainCell().setup).with(filmResistance: resistance)
    let e = Vector(-12, -0.3, -0.05, -1e-4, 0, 0.02, 0.4, 9)
    let salt = Vector(1000, 1, 500, 1e-9, 1200, 0, -5, 3000)
    let exchange = Vector(repeating: law.exchange)
    let (current, slope) =
      resistance == 0
      ? law.bare(e, salt, exchange)
      : law.rates(e, salt: salt, exchange: exchange, resistance: Vector(repeating: resistance))
    for k in 0..<8 {
      let (i, b) = law.rate(e[k], salt: salt[k])
      let room = resistance == 0 ? 1e-14 * b / law.f : 2e-13 * (abs(i) + law.exchange)
      #expect(abs(current[k] - i) <= room)
      #expect(abs(slope[k] - b) <= 1e-14 * b)
    }
  }

  @Test("A film that takes volts lets the current through that solves the law", arguments: [0.2, 0.5, 0.8])
  func strongFilm(transfer: Double) {
    var setup = PlainCell().setup
    setup.kinetics.cathodicTransferCoefficient.value = transfer
    for resistance in [1e-4, 0.05, 10] {
      let law = RateLaw(setup).with(filmResistance: resistance)
      for e in [-9, -4, -2.7, -0.3, 0.3, 2.7, 9.0] {
        let (i, _) = law.rate(e, salt: 800)
        let expected = law.with(filmResistance: 0).rate(e + resistance * i, salt: 800).current
        #expect(abs(i) > 0 && abs(i / expected - 1) < 1e-6 * (1 + law.f * resistance * abs(i)), "\(e) \(i)")
        #expect(abs(i) < (abs(e) + 0.01) / resistance)
      }
    }
  }

  @Test("The salt that carries a current carries it", arguments: [-0.3, -0.05, -0.004])
  func saltOfCurrent(e: Double) {
    let law = RateLaw(PlainCell().setup)
    let (here, p) = (500.0, 0.01)
    for share in [1e-4, 0.1, 0.9] {
      let c = share * here
      let current = law.rate(e - p * log(share), salt: c).current
      guard current > 0 else { continue }
      let found = law.salt(carrying: current, from: here, at: e, diffusionPotential: p)
      #expect(abs(found / c - 1) < 1e-3)
    }
  }

  @Test("The film takes its share of the overpotential")
  func film() {
    var setup = PlainCell().setup
    let bare = RateLaw(setup)
    setup.kinetics.filmResistance = number(1e-3)
    let i = RateLaw(setup).rate(-0.1, salt: 500).current
    #expect(abs(bare.rate(-0.1 + 1e-3 * i, salt: 500).current / i - 1) < 1e-10)
  }

  @Test("With a bulk resistance the junction and the bulk share u", arguments: Schottky.Polarity.allCases)
  func seriesResistance(polarity: Schottky.Polarity) {
    let bulk = 1e-3
    for u in [-0.3, -0.02, 0.01, 0.15, 0.4] {
      let j = JunctionLaw(.schottky(schottky(polarity, bulk: bulk)), temperature: temperature).current(u)
        .value
      let alone = JunctionLaw(.schottky(schottky(polarity, bulk: 0)), temperature: temperature).current(
        u - bulk * j
      ).value
      #expect(abs(alone - j) < 1e-8 * abs(j) + 1e-9)
    }
  }
}
