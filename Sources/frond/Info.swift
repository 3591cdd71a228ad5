import ArgumentParser
import CaseFiles
import Electrodeposition
import Figures
import Foundation
import Spectral

struct Info: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Versions, and the tables of metals, electrolytes and substrates with their sources.",
    discussion: "Every tabulated number carries its unit, what kind of number it is, and where it comes from."
  )

  enum Part: String, ExpressibleByArgument, CaseIterable { case materials }

  @Argument(help: "materials: the tables alone.")
  var part: Part?

  func run() {
    if part == nil {
      printVersions()
      print()
    }
    printMaterials()
  }

  private func printVersions() {
    print(
      table([
        ["frond", Frond.version],
        ["Swift", compiler],
        ["FFTW", fftwVersion],
        ["HDF5", hdf5Version],
        ["cairo", cairoVersion],
        ["processors", "\(ProcessInfo.processInfo.activeProcessorCount)"],
      ]))
  }

  private func printMaterials() {
    print("Metals; sodium at 573.15 K as an example of the melt")
    print(table((Metal.all + [.moltenSodium(at: 573.15)]).flatMap(rows)))
    print("\nElectrolytes, 1 mol/L and 298.15 K")
    print(table(ElectrolyteEntry.all.flatMap(rows)))
    print("\nSubstrates (material), of every metal or of the one named")
    print(table(SubstrateMaterial.all.flatMap(rows)))
    print("\n* for orientation; a case gives its own: seeds.nucleation_overpotential, substrate.conversion")
    print(
      "\nmeasured: read off an experiment; computed: follows from other numbers; estimated: to be varied.")
  }

  private func rows(_ metal: Metal) -> [[String]] {
    [
      row(metal.isMolten ? metal.name : metal.symbol, "molar volume", metal.molarVolume),
      row("", "surface energy", metal.surfaceEnergy),
      row("", "exchange current density", metal.exchangeCurrentDensity),
      ["", "electrolyte", metal.defaultElectrolyte],
    ] + (metal.meltingPoint.map { [row("", "melting point", $0)] } ?? [])
  }

  private func rows(_ material: SubstrateMaterial) -> [[String]] {
    let contact = material.contact
    var rows = [
      row(material.name, "contact angle", material.contactAngle),
      [
        material.metal.map { "  of \($0)" } ?? "", "contact", contact.law.rawValue, contact.kind.rawValue,
        contact.source,
      ],
      material.nucleationOverpotential.map { row("", "nucleation overpotential*", $0) }
        ?? ["", "nucleation overpotential*", "none known"],
    ]
    if let reaction = material.reaction {
      rows.append(row("", "charge of 1 µm*", reaction.chargePerMicrometre))
      rows[rows.count - 1][4] += ", by " + reaction.equation
    }
    return rows
  }

  private func rows(_ entry: ElectrolyteEntry) -> [[String]] {
    [
      row(entry.name, "conductivity", entry.conductivity),
      row("  carries \(entry.metal)+", "transference number", entry.transferenceNumber),
    ]
  }

  private func row(_ name: String, _ quantity: String, _ number: Sourced) -> [String] {
    [name, quantity, human(number.value, number.unit), number.kind.rawValue, number.source]
  }

  /// The compiler this was built with, as far as a program can know it.
  private var compiler: String {
    #if compiler(>=6.4)
      "6.4 or newer"
    #elseif compiler(>=6.3)
      "6.3"
    #elseif compiler(>=6.2)
      "6.2"
    #else
      "6.1"
    #endif
  }
}
