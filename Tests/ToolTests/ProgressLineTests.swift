import CaseFiles
import Electrodeposition
import Testing

@testable import frond

@Suite("The line of a run")
struct ProgressLineTests {
  private let setup: Case

  init() throws {
    let stages = ["plate", "strip", "plate", "strip"].map { "{\($0): 1 mA/cm^2, until: {time: 1 s}}" }
    let overrides = ["protocol=[\(stages.joined(separator: ", "))]"]
    setup = try CaseFile.read(path: Tool.sodium, overrides: overrides).setup
  }

  private func line(_ columns: Int) -> String {
    var now = Observables()
    (now.stage, now.time, now.voltage, now.currentDensity) = (3, 12, -0.05, 10)
    return ProgressLine(setup, quiet: true, progress: 0).line(now, progress: 0.5, columns: columns)
  }

  @Test("It never breaks, and the last to go is how far, at which stage and how long still")
  func widths() {
    for columns in 1...200 {
      // Once: each line reads the clock.
      let line = line(columns)
      #expect(line.count <= columns)
      #expect(line.contains("stage 3 of 4, cycle 2 of 2") == (columns >= 33))
      #expect(line.contains("left ") == line.hasPrefix(" 50 %  stage 3 of 4, cycle 2 of 2  left"))
    }
    #expect(line(80).contains("t 12 s") && !line(80).contains("dt"))
    #expect(line(200).hasSuffix("1 mA/cm²  rough 0 nm  dt 0 s  it 0+0"))
  }
}
