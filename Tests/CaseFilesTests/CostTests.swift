import Electrodeposition
import Testing

@testable import Analysis
@testable import CaseFiles

/// Steps and wall time on one thread, s, of `frond run configs/NAME --threads 1 --set output.fields=false
/// --set output.pictures=false` on one core of a server.
private let measured: [(name: String, steps: Double, seconds: Double)] = [
  ("conversion-nisb.yaml", 918, 0.2),
  ("lithium-on-nisb.yaml", 1101, 7.1),
  ("potassium-on-nisb.yaml", 1061, 6.9),
  ("published/chen-2015-type.yaml", 30388, 13.4),
  ("published/hong-2018.yaml", 3262, 34),
  ("reference/fig1-islands.yaml", 1691, 5.0),
  ("reference/fig1g-foil.yaml", 30805, 220),
  ("reference/fig1h-3d.yaml", 2874, 122),
  ("reference/fig1h-blocked-1mA.yaml", 1590, 4.3),
  ("reference/fig1h-counter.yaml", 1200, 9.3),
  ("reference/fig3e-efficiency.yaml", 11_836, 6.3),
  ("reference/fig4e-symmetric-cell.yaml", 612, 0.2),
  ("reference/fig4f-life.yaml", 645_000, 76),
  ("reference/fig4h-rate.yaml", 3244, 1.0),
  ("reference/figS22-lithium.yaml", 405, 0.13),
  ("reference/figS22-potassium.yaml", 1063, 0.38),
  ("sodium-cycles-sei.yaml", 869, 1.4),
  ("sodium-needle.yaml", 2051, 46),
  ("sodium-on-nickel.yaml", 702, 4.9),
  ("sodium-on-nisb-2mA.yaml", 1122, 7.3),
  ("sodium-on-nisb-no-barrier.yaml", 951, 6.1),
  ("sodium-on-nisb.yaml", 1123, 7.4),
]

/// Steps of an hour's rest of a film of 20 nm on nickel in 10 µm, and with what is changed in it.
private let rests: [(changes: [String], steps: Double)] = [
  ([], 83), (["protocol.0.until.time=10 h"], 121), (["protocol.0.until.time=100 h"], 237),
  (["protocol.0.until.time=1 s"], 10), (["box.cell=1 nm"], 69), (["metal=Li"], 95),
  (["kinetics.exchange_current_density=100 mA/cm^2"], 156),
  (["seeds={caps: [{x: 30 nm, radius: 20 nm}]}"], 4283),
]

/// Steps in three dimensions of cases with what is changed in them.
private let solid: [(name: String, changes: [String], steps: Double)] = [
  (
    "sodium-on-nisb-no-barrier.yaml",
    [
      "box={width: 60 nm, depth: 60 nm, height: 112 nm, cell: 1.25 nm}",
      "protocol.0.until.thickness=40 nm",
    ], 1162
  ),
  ("reference/fig1h-3d.yaml", ["box.height=160 nm", "box.cell=1 nm"], 3655),
  (
    "reference/fig1h-3d.yaml",
    [
      "electrolyte.end=reservoir", "substrate.islands.contact=ohmic", "box.height=48 nm",
      "protocol=[{rest: true, until: {time: 4 s}}]",
    ], 730
  ),
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

  @Test("Steps in three dimensions are estimated within a factor of 2", arguments: solid)
  func depth(name: String, changes: [String], steps: Double) throws {
    let estimate = Estimates(of: try CaseFile.read(path: configPath(name), overrides: changes).setup).steps
    #expect((0.5...2).contains(estimate / steps), "\(estimate) for \(steps)")
  }

  @Test("Steps of a rest are estimated within a factor of 2", arguments: rests)
  func rest(changes: [String], steps: Double) throws {
    let film = """
      title: rest of an hour
      metal: Na
      box: {width: 60 nm, height: 60 nm, cell: 2 nm}
      electrolyte: {thickness: 10 um}
      substrate: {name: Ni, contact_angle: 90 deg}
      seeds: {film: 20 nm}
      protocol: [{rest: true, until: {time: 1 h}}]
      """
    let estimate = Estimates(of: try CaseFile.read(text: film, path: "film.yaml", overrides: changes).setup)
      .steps
    #expect((0.5...2).contains(estimate / steps), "\(estimate) for \(steps)")
  }

  @Test("Every case of configs/ was measured")
  func complete() {
    #expect(measured.map(\.name) == configNames)
  }
}
