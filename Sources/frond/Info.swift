import ArgumentParser
import CaseFiles
import Electrodeposition
import Figures
import Foundation
import Spectral

struct Info: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Versions, and the tables of metals and electrolytes with their sources.",
    discussion: "Every tabulated number carries its unit, what kind of number it is, and where it comes from."
  )

  func run() {
    print(
      table([
        ["frond", Frond.version],
        ["Swift", compiler],
        ["FFTW", fftwVersion],
        ["HDF5", hdf5Version],
        ["cairo", cairoVersion],
        ["processors", "\(ProcessInfo.processInfo.activeProcessorCount)"],
      ]))
    print("\nMetals")
    print(table(Metal.all.flatMap(rows)))
    print("\nElectrolytes, 1 mol/L and 298.15 K")
    print(table(ElectrolyteEntry.all.flatMap(rows)))
    print(
      "\nmeasured: read off an experiment; computed: follows from other numbers; estimated: to be varied.")
  }

  private func rows(_ metal: Metal) -> [[String]] {
    [
      row(metal.symbol, "molar volume", metal.molarVolume),
      row("", "surface energy", metal.surfaceEnergy),
      row("", "exchange current density", metal.exchangeCurrentDensity),
      ["", "electrolyte", metal.defaultElectrolyte],
    ]
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
