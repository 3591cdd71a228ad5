import Testing

@testable import Electrodeposition

@Suite("Differences in time")
struct TimeDifferenceTests {
  @Test("The time difference is exact on quadratics, the Euler step on straight lines")
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
