import Electrodeposition
import Testing

@testable import CaseFiles

/// Steps and wall time on one thread, s, of `frond run configs/NAME --threads 1 --set output.fields=false
/// --set output.pictures=false` on one core of a server.
private let measured: [(name: String, steps: Double, seconds: Double)] = [
  ("lithium-on-nisb.yaml", 1101, 7.1),
  ("potassium-on-nisb.yaml", 1061, 6.9),
  ("published/chen-2015-type.yaml", 30388, 13.4),
  ("published/hong-2018.yaml", 3262, 34),
  ("sodium-needle.yaml", 1280, 13.8),
  ("sodium-on-nickel.yaml", 443, 1.6),
  ("sodium-on-nisb-2mA.yaml", 1122, 7.3),
  ("sodium-on-nisb-no-barrier.yaml", 951, 6.1),
  ("sodium-on-nisb.yaml", 1123, 7.4),
]

@Suite("Costs")
struct CostTests {
  @Test("Steps and wall time are estimated within a factor of 2", arguments: measured)
  func estimate(name: String, steps: Double, seconds: Double) throws {
    let estimates = Estimates(of: try CaseFile.read(path: configPath(name)).setup)
    for (estimate, found) in [(estimates.steps, steps), (estimates.wallTime, seconds)] {
      #expect((0.5...2).contains(estimate / found), "\(estimate) for \(found)")
    }
  }

  @Test("Every case of configs/ was measured")
  func complete() {
    #expect(measured.map(\.name) == configNames)
  }
}
