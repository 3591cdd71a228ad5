import Spectral
import Testing

@testable import Electrodeposition
@testable import Verification

private func number(_ value: Double) -> Sourced { Sourced(value, "1", .chosen, "test") }

struct LawTests {
  let f = 38.9
  let temperature = 298.15

  @Test(
    "B of Butler-Volmer is the bdf quotient of i", arguments: [0, 1e-4, 1e-2], [-0.15, -0.01, 0.08])
  func slopeOfButlerVolmer(film: Double, e: Double) {
    var setup = PlainCell().setup
    setup.kinetics.filmResistance = number(film)
    let law = RateLaw(setup)
    let h = 1e-6
    let quotient = (law.rate(e - h, salt: 700).current - law.rate(e + h, salt: 700).current) / (2 * h)
    let slope = law.rate(e, salt: 700).slope
    #expect(abs(quotient / slope - 1) < 1e-6)
  }

  @Test("Rates of eight points are those of each by itself")
  func ratesOfEight() {
    let law = RateLaw(PlainCell().setup)
    let e = Vector(-12, -0.3, -0.05, -1e-4, 0, 0.02, 0.4, 9)
    let salt = Vector(1000, 1, 500, 1e-9, 1200, 0, -5, 3000)
    let (current, slope) = law.rates(e, salt: salt)
    for k in 0..<8 {
      let (i, b) = law.rate(e[k], salt: salt[k])
      #expect(abs(current[k] - i) <= 1e-14 * b / law.f)
      #expect(abs(slope[k] - b) <= 1e-14 * b)
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

  private func schottky(_ polarity: Schottky.Polarity, bulk: Double) -> Schottky {
    Schottky(
      polarity: polarity, barrier: number(0.6), richardson: number(Constants.richardson),
      ideality: number(1.3), leakResistance: number(0.05), bulkResistance: number(bulk))
  }

  @Test(
    "dJ/du of a contact is the bdf quotient of J", arguments: Schottky.Polarity.allCases, [0, 1e-3])
  func slopeOfContacts(polarity: Schottky.Polarity, bulk: Double) {
    for contact in [Contact.schottky(schottky(polarity, bulk: bulk)), .ohmic(resistance: number(1e-5))] {
      for u in [-0.12, -0.01, 0.003, 0.2] {
        let h = 1e-6
        func j(_ u: Double) -> Double { contact.current(u, temperature: temperature, f: f).value }
        let slope = contact.current(u, temperature: temperature, f: f).slope
        #expect(abs((j(u + h) - j(u - h)) / (2 * h) - slope) < 1e-5 * slope + 1e-7)
      }
    }
  }

  @Test("With a bulk resistance the junction and the bulk share u", arguments: Schottky.Polarity.allCases)
  func seriesResistance(polarity: Schottky.Polarity) {
    let bulk = 1e-3
    for u in [-0.3, -0.02, 0.01, 0.15, 0.4] {
      let j = schottky(polarity, bulk: bulk).current(u, temperature: temperature, f: f).value
      let alone = schottky(polarity, bulk: 0).current(u - bulk * j, temperature: temperature, f: f).value
      #expect(abs(alone - j) < 1e-8 * abs(j) + 1e-9)
    }
  }

  @Test("The time bdf is exact on quadratics, the Euler step on straight lines")
  func timeDifference() {
    func y(_ t: Double) -> Double { 3 - 2 * t + 5 * t * t }
    let bdf = BDF2(dt: 0.3, previous: 0.2)
    let slope = (bdf.alpha0 * y(0.3) + bdf.alpha1 * y(0) + bdf.alpha2 * y(-0.2)) / 0.3
    #expect(abs(slope - (-2 + 10 * 0.3)) < 1e-13)
    let euler = BDF2(dt: 0.3, previous: nil)
    #expect(abs((euler.alpha0 * 0.6 + euler.alpha1 * 0) / 0.3 - 2) < 1e-14 && euler.alpha2 == 0)
    #expect(abs(bdf.extrapolate(2 + 0, 2 - 0.2) - 2.3) < 1e-14)
  }

  @Test("A book follows a linear rate exactly after its second step")
  func book() {
    var book = TimeIntegral(value: 0.04, before: 0)
    var t = 0.2
    var last = 0.2
    for dt in [0.3, 0.1, 0.4] {
      t += dt
      // y = t², y' = 2t.
      book.advance(by: BDF2(dt: dt, previous: last), rate: 2 * t)
      last = dt
      #expect(abs(book.value - t * t) < 1e-14)
    }
  }
}
