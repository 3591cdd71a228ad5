import Foundation
import Testing

@testable import Electrodeposition
@testable import Verification

@Suite("Early ends")
struct EarlyEndTests {
  @Test("Early ends have their reasons, also after a restart")
  func reasons() throws {
    let blocked = try film([Stage(.current(1e4), until: Limits(time: 1))], contact: .insulating)
    _ = try rows(blocked)
    #expect(blocked.endReason == .voltageLimit && blocked.endReason?.isEarly == true)
    #expect(try Simulation(blocked.setup, resuming: blocked.archive(), threads: 1).endReason == .voltageLimit)
  }

  @Test("A stage that gets nowhere ends the run; with a limit of time it comes to that")
  func stuck() throws {
    let still = Limits(thickness: 60e-9)
    let stuck = try film([Stage(.potential(-0.1), until: still)], contact: .insulating)
    _ = try rows(stuck)
    #expect(stuck.endReason == .noProgress && stuck.observables.step == 1000 && stuck.outputIsDue)
    #expect(try Simulation(stuck.setup, resuming: stuck.archive(), threads: 1).endReason == .noProgress)
    let timed = try film(
      [Stage(.potential(-0.1), until: Limits(time: 1e5, thickness: 60e-9))], contact: .insulating)
    _ = try rows(timed)
    #expect(timed.endReason == .protocolComplete)
  }

  @Test(
    "A stage may begin in salt that the one before used up, and ends at the counter electrode where that runs dry"
  )
  func usedUp() throws {
    let after = try film(
      [Stage(.potential(-0.9), until: Limits(time: 0.05)), Stage(.current(1000), until: Limits(time: 0.02))]
    ) { $0.height = 256 }
    _ = try rows(after)
    #expect(after.endReason == .protocolComplete)
    let limiting = after.setup.limitingCurrent
    let stripped = try film([Stage(.current(-20 * limiting), until: Limits(time: 1))]) {
      $0.seeds = Seeds(film: 200e-9)
      $0.height = 256
      $0.end = .counterElectrode
    }
    _ = try rows(stripped)
    let depletion = try #require(stripped.depletion)
    let sandTime = stripped.setup.sandTime(current: 20 * limiting)
    #expect(depletion.place == nil && abs(depletion.time / sandTime - 1) < 0.05, "\(depletion)")
  }

  @Test("A given current above the limiting one ends at Sand's time, also after a restart")
  func depleted() throws {
    let limiting = try film([Stage(.rest, until: Limits(time: 1))]).setup.limitingCurrent
    func thin(_ control: Control) throws -> Simulation {
      try film([Stage(control, until: Limits(time: 2))]) {
        $0.thickness = 10e-6
        $0.height = 256
      }
    }
    let driven = try thin(.current(3 * limiting))
    // Where salt and potentials are solved together a restart changes no bit either.
    while driven.observables.minimumSalt > 300 { try driven.step() }
    let resumed = try Simulation(driven.setup, resuming: driven.archive(), threads: 1)
    for _ in 0..<5 {
      try driven.step()
      try resumed.step()
      #expect(resumed.observables.time == driven.observables.time)
      #expect(resumed.observables.voltage == driven.observables.voltage)
    }
    _ = try rows(driven)
    let depletion = try #require(driven.depletion)
    let sandTime = driven.setup.sandTime(current: 3 * limiting)
    #expect(driven.endReason == .depleted && abs(depletion.time / sandTime - 1) < 0.01, "\(depletion)")
    let place = try #require(depletion.place)
    #expect(abs(place.z - driven.observables.meanHeight) < 2e-9, "\(depletion)")
    #expect(driven.observables.step < 3000)
    #expect(try Simulation(driven.setup, resuming: driven.archive(), threads: 1).endReason == .depleted)
  }
}
