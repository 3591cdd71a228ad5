import Electrodeposition
import Testing

@testable import Verification

@Suite("Rest")
struct RestTests {
  @Test(
    "A cap is at rest at Young's angle after 800 steps",
    arguments: [30.0, 60, 90, 120, 140, 150, 160])
  func steps(angle: Double) throws {
    let simulation = try Simulation(SessileCap(angle: angle).setup(mobilityFactor: 1), threads: 1)
    while simulation.endReason == nil, simulation.observables.step <= 800 { try simulation.step() }
    #expect(simulation.endReason == .protocolComplete, "t = \(simulation.observables.time) s")
    let found = Contour(simulation).contactAngle * 180 / .pi
    #expect(abs(found - angle) < 1.5, "\(found)")
  }
}
