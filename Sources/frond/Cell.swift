import Analysis
import ArgumentParser
import CaseFiles
import Electrodeposition

struct Cell: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say what a whole cell weighs and gives, and how long its metal lasts.",
    discussion: """
      Sums of masses and charges: nothing is solved. The defaults are a sodium cell with little electrolyte, each \
      with its kind and source.

        frond cell
        frond cell --set electrolyte="5 mg/mAh" --set separator="5 mg/cm^2"
        frond cell --set metal_ratio=1 --set coulombic_efficiency=0.9996

      \(table(keys.map { [$0.name, $0.meaning] }))
      """)

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp("Change a number; may be repeated. Quote what has spaces.", valueName: "key=value"))
  var changes: [String] = []

  private struct Key {
    let name: String
    let meaning: String
    let number: WritableKeyPath<FullCell, Sourced> & Sendable
    let dimension: PhysicalDimension
    var bounds = Bounds.positive
  }

  private static let keys = [
    Key(
      name: "capacity", meaning: "charge that a cycle moves, per area of the electrodes", number: \.capacity,
      dimension: .capacity),
    Key(
      name: "cathode", meaning: "charge per mass of the cathode's material", number: \.cathode,
      dimension: .specificCapacity),
    Key(name: "voltage", meaning: "mean voltage without current", number: \.voltage, dimension: .potential),
    Key(
      name: "overpotential", meaning: "mean that charge adds and discharge loses",
      number: \.overpotential, dimension: .potential, bounds: .zeroOrMore),
    Key(
      name: "metal", meaning: "charge per mass of the metal", number: \.metal, dimension: .specificCapacity),
    Key(
      name: "metal_ratio", meaning: "N/P: metal of the charged cell over a cycle's",
      number: \.metalRatio, dimension: .number,
      bounds: .from(1, to: 1e6, "from 1 to 1e6")),
    Key(
      name: "electrolyte", meaning: "its mass per charge that a cycle moves", number: \.electrolyte,
      dimension: .massPerCharge),
    Key(
      name: "separator", meaning: "its mass per area", number: \.separator, dimension: .arealMass,
      bounds: .zeroOrMore),
    Key(
      name: "collectors", meaning: "mass of both, per area", number: \.collectors, dimension: .arealMass,
      bounds: .zeroOrMore),
    Key(
      name: "coulombic_efficiency", meaning: "share of the plated metal that comes back",
      number: \.coulombicEfficiency, dimension: .number,
      bounds: .from(0, to: 1, "from 0 to 1")),
    Key(
      name: "cycles", meaning: "after which the retention is asked for", number: \.cycles, dimension: .number,
      bounds: .zeroOrMore),
  ]

  func run() throws {
    do {
      let cell = try changed()
      print("Cell")
      print(table(Self.keys.map { row($0.name, cell[keyPath: $0.number]) }))
      print("\nWhat follows")
      print(table(results(cell)))
    } catch let refusal as Refusal {
      printError(refusal.reason)
      throw ExitCode.badInput
    }
  }

  private func changed() throws -> FullCell {
    var cell = FullCell()
    for change in changes { try Self.apply(change, to: &cell) }
    let (most, found) = (cell.voltage, cell.overpotential)
    guard found.value < most.value else {
      throw Refusal(
        "overpotential: \(human(found.value, found.unit)) is too large; expected less than the voltage, "
          + human(most.value, most.unit))
    }
    return cell
  }

  private static func apply(_ change: String, to cell: inout FullCell) throws {
    guard let equals = change.firstIndex(of: "=") else {
      throw Refusal(
        "--set \(change): there is no key and value; expected key=value, such as electrolyte=5 mg/mAh")
    }
    let name = String(change[..<equals])
    guard let key = keys.first(where: { $0.name == name }) else {
      let names = keys.map(\.name)
      let guess = nearest(to: name, in: names).map { ", did you mean \"\($0)\"?" } ?? ""
      throw Refusal(
        "--set \(change): \(name): unknown key\(guess); expected \(names.joined(separator: ", "))")
    }
    do {
      let text = String(change[change.index(after: equals)...])
      let value = try Quantity.parse(text, as: key.dimension, within: key.bounds)
      cell[keyPath: key.number] = Sourced(value, cell[keyPath: key.number].unit, .given, "--set")
    } catch {
      throw Refusal("--set \(change): \(name): \(error)")
    }
  }

  private func row(_ name: String, _ number: Sourced) -> [String] {
    [name, human(number.value, number.unit), number.kind.rawValue, number.source]
  }

  private func results(_ cell: FullCell) -> [[String]] {
    cell.masses.map { ["mass of \($0.part)", human($0.mass, "kg/m^2"), ""] } + [
      ["mass", human(cell.mass, "kg/m^2"), ""],
      ["specific energy", human(cell.specificEnergy, "J/kg"), "capacity × voltage / mass"],
      ["energy efficiency", percent(cell.energyEfficiency), "with the overpotential both ways"],
      [
        "cycles on excess metal", cycles(cell.cyclesOnExcess), "(metal_ratio − 1)/(1 − coulombic_efficiency)",
      ],
      [
        "retention", percent(cell.retention),
        "after \(short(cell.cycles.value)) cycles, if only metal is lost",
      ],
    ]
  }

  private func cycles(_ count: Double) -> String { count.isFinite ? short(count) : "no end" }

  private func percent(_ share: Double) -> String { short(100 * share) + " %" }
}
