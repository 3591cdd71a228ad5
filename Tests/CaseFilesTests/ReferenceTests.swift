import Foundation
import Testing

@testable import CaseFiles
@testable import Electrodeposition

/// The symmetric cells of `configs/reference` against the published voltages that their one number was fitted to, and
/// the rate series that follows. The tables of docs/reference-work.md have the same numbers.
struct ReferenceTests {
  struct Electrode: Sendable {
    let name: String
    let file: String
    /// Published, at 1 mA/cm².
    let millivolts: Double
    /// Fitted: A/m² and Ω cm².
    let exchange: String
    let film: String
  }

  static let electrodes = [
    Electrode(
      name: "NiSb on cloth", file: "fig4e-symmetric-cell", millivolts: 35.0, exchange: "20.08", film: "12.71"),
    Electrode(
      name: "nickel on cloth", file: "fig4e-symmetric-cell", millivolts: 39.6, exchange: "16.93",
      film: "15.01"),
    Electrode(
      name: "cloth", file: "fig4e-symmetric-cell", millivolts: 46.2, exchange: "13.79", film: "18.31"),
    Electrode(
      name: "amorphous nickel on cloth", file: "fig4e-symmetric-cell", millivolts: 50, exchange: "12.43",
      film: "20.21"),
    Electrode(
      name: "sodium plate", file: "fig4e-symmetric-cell", millivolts: 54.8, exchange: "11.04", film: "22.61"),
    Electrode(
      name: "lithium, NiSb on cloth", file: "figS22-lithium", millivolts: 11.3, exchange: "47.68",
      film: "5.38"),
    Electrode(
      name: "lithium, cloth", file: "figS22-lithium", millivolts: 20.7, exchange: "25.33", film: "10.08"),
    Electrode(
      name: "potassium, NiSb on cloth", file: "figS22-potassium", millivolts: 64, exchange: "8.12",
      film: "29.94"),
    Electrode(
      name: "potassium, cloth", file: "figS22-potassium", millivolts: 375, exchange: "0.2712", film: "185.44"),
  ]

  /// The voltage of a cell without its film of metal, whose steady front is known, and that at the end of each stage.
  private func voltages(_ file: String, _ overrides: [String]) throws -> [(exact: Double, solved: Double)] {
    let setup = try CaseFile.read(path: configPath("reference/\(file).yaml"), overrides: overrides).setup
    var bare = setup
    bare.electrolyte.thickness -= setup.seeds.film
    let simulation = try Simulation(setup, threads: 1)
    return try setup.stages.enumerated().map { index, stage in
      var last = simulation.observables
      while simulation.endReason == nil, simulation.observables.stage == index + 1 {
        last = simulation.observables
        try simulation.step()
      }
      return (try #require(bare.flatFront(under: stage.control)).voltage, last.voltage)
    }
  }

  private var document: String {
    get throws {
      try String(contentsOf: packageRoot.appendingPathComponent("docs/reference-work.md"), encoding: .utf8)
    }
  }

  @Test(
    "The fitted number gives the published voltage, by the closed form and by the solver",
    arguments: electrodes)
  func fits(electrode: Electrode) throws {
    let kinetics = "kinetics.exchange_current_density="
    let cells = [
      ["\(kinetics)\(electrode.exchange) A/m^2"],
      ["\(kinetics)1e6 A/m^2", "kinetics.film_resistance=\(electrode.film) ohm cm^2"],
    ]
    for overrides in cells {
      let plating = try voltages(electrode.file, overrides + ["protocol.1="])
      #expect(plating.count == 1)
      #expect(abs(1e3 * plating[0].exact + electrode.millivolts) < 0.05, "\(plating)")
      #expect(abs(plating[0].exact - plating[0].solved) < 1e-4, "\(plating)")
    }
    let row = [electrode.name, short(electrode.millivolts), electrode.exchange, electrode.film]
    #expect(try document.contains("| " + row.joined(separator: " | ") + " |"), "\(row)")
  }

  @Test("The rate series is that of the steady front, both ways")
  func rates() throws {
    let stages = try voltages("fig4h-rate", [])
    #expect(stages.count == 10)
    for stage in stages { #expect(abs(stage.exact - stage.solved) < 1e-4, "\(stage)") }
    let row = stride(from: 0, to: 10, by: 2).map { String(format: "%.1f", -1e3 * stages[$0].solved) }
    #expect(try document.contains("| NiSb on cloth | " + row.joined(separator: " | ") + " |"), "\(row)")
  }

  /// Contact of the islands, and how far the potential falls until there are 5 nm of metal, mV.
  static let contacts = [
    ("ohmic", 8.40), ("{law: schottky, barrier: 0.5 eV}", 10.32),
    ("{law: schottky, barrier: 0.55 eV}", 27.81),
  ]

  @Test("A barrier that passes 1 mA/cm² costs its millivolts and leaves the film alone", arguments: contacts)
  func passes(contact: String, fall: Double) throws {
    let simulation = try blocked(contact)
    var lowest = 0.0
    while simulation.endReason == nil {
      try simulation.step()
      lowest = min(lowest, simulation.observables.voltage)
    }
    #expect(simulation.endReason == .protocolComplete)
    #expect(abs(-1e3 * lowest / fall - 1) < 0.01, "\(lowest)")
    #expect(
      abs(simulation.observables.roughness / 5.340e-9 - 1) < 2e-3, "\(simulation.observables.roughness)")
  }

  @Test("A barrier of 0.6 eV and more cannot pass 1 mA/cm²", arguments: ["0.6 eV", "0.65 eV"])
  func runsAway(barrier: String) throws {
    let simulation = try blocked("{law: schottky, barrier: \(barrier)}")
    while simulation.endReason == nil { try simulation.step() }
    #expect(simulation.endReason == .voltageLimit)
    #expect(simulation.observables.time < 0.25)
  }

  private func blocked(_ contact: String) throws -> Simulation {
    let overrides = ["substrate.islands.contact=\(contact)", "protocol.0.until.thickness=5 nm"]
    let path = configPath("reference/fig1h-blocked-1mA.yaml")
    return try Simulation(CaseFile.read(path: path, overrides: overrides).setup, threads: 1)
  }

  @Test("Every case of configs/reference stands in the document")
  func listed() throws {
    let page = try document
    let names = configNames.filter { $0.hasPrefix("reference/") }
    #expect(!names.isEmpty)
    for name in names { #expect(page.contains("configs/" + name), "\(name)") }
  }
}
