import Testing

@testable import Electrodeposition
@testable import Verification

@Suite("Progress")
struct ProgressTests {
  private static let plateAndStrip = [
    Stage(.potential(-0.1), until: Limits(thickness: 60e-9)), Stage(.rest, until: Limits(time: 0.1)),
    Stage(.current(-200), until: Limits(capacity: 80)),
  ]

  @Test(
    "progress goes with the steps, never falls, and is 1 at the end",
    arguments: [
      (true, [Stage(.potential(-0.1), until: Limits(thickness: 80e-9))]), (false, plateAndStrip),
    ])
  func even(barrier: Bool, stages: [Stage]) throws {
    var cell = Conservation.islands(1, barrier: barrier, cell: 2e-9)
    cell.height = 80
    cell.stages = stages
    let simulation = try Simulation(cell.setup, threads: 1)
    var found = [simulation.progress]
    while simulation.endReason == nil {
      try simulation.step()
      found.append(simulation.progress)
    }
    #expect(simulation.endReason == .protocolComplete)
    #expect(found.first == 0 && found.last == 1)
    let steps = Double(found.count - 1)
    let apart = found.enumerated().map { abs($1 - Double($0) / steps) }.max() ?? 1
    #expect(apart < 0.2, "\(apart)")
    #expect(zip(found, found.dropFirst()).allSatisfy { $0 <= $1 })
  }

  @Test("a run that is continued goes on with its progress")
  func resumed() throws {
    var cell = Conservation.islands(1, barrier: false, cell: 2e-9)
    cell.stages = Self.plateAndStrip
    let through = try Simulation(cell.setup, threads: 1)
    for _ in 0..<150 { try through.step() }
    let resumed = try Simulation(cell.setup, resuming: through.archive(), threads: 1)
    #expect(resumed.progress == through.progress && through.progress > 0)
    for _ in 0..<20 {
      try through.step()
      try resumed.step()
      #expect(resumed.progress == through.progress)
    }
  }

  @Test("a stage that only time ends counts by time")
  func time() throws {
    var cell = PlainCell()
    cell.height = 32
    cell.seeds = Seeds(film: 20e-9)
    cell.stages = [Stage(.rest, until: Limits(time: 1))]
    let simulation = try Simulation(cell.setup, threads: 1)
    while simulation.endReason == nil {
      try simulation.step()
      #expect(simulation.progress > 0)
    }
    #expect(simulation.progress == 1)
  }
}
