import Electrodeposition

/// What the tables do not hold the case has to give.
extension CaseChecks {
  func checkMaterials() {
    checkMetal()
    let electrolyte = setup.electrolyte
    if electrolyte.transport == .cation, reader.place(of: "electrolyte.transference_number") != nil {
      reader.report(
        "electrolyte.transference_number", "cation transport has none: the anion does not exist in it",
        expected: "transport: binary salt, or no such key")
    }
    if setup.kinetics.interphase != nil, reader.isSound("metal"),
      reader.place(of: "kinetics.sei.molar_volume") == nil, Interphase.fluorideVolume(setup.metal) == nil
    {
      reader.report(
        "kinetics.sei.molar_volume",
        "the key is missing, and no table holds a fluoride of \(setup.metal.symbol)",
        expected: PhysicalDimension.molarVolume.expectation)
    }
    guard reader.isSound("metal"), reader.isSound("electrolyte.name") else { return }
    if let entry = ElectrolyteEntry.named(electrolyte.name) {
      guard entry.metal != setup.metal.symbol else { return }
      let fitting = ElectrolyteEntry.all.filter { $0.metal == setup.metal.symbol }.map(\.name)
      reader.report(
        "electrolyte.name", "\"\(entry.name)\" carries \(entry.metal), the metal is \(setup.metal.symbol)",
        expected: (fitting + ["another name with numbers of its own"]).joined(separator: ", "))
    } else {
      demand("electrolyte.conductivity", .conductivity, "electrolyte.name", ElectrolyteEntry.all.map(\.name))
      if electrolyte.transport == .binarySalt {
        demand(
          "electrolyte.transference_number", .number, "electrolyte.name", ElectrolyteEntry.all.map(\.name))
      }
    }
  }

  /// What an atom of metals gives that the equations do not hold for.
  private static let severalElectrons = ["Mg": 2, "Ca": 2, "Zn": 2, "Al": 3, "Cu": 2, "Fe": 2, "Ni": 2]

  private func checkMetal() {
    let symbol = setup.metal.symbol
    guard reader.isSound("metal"), Metal.named(symbol) == nil else { return }
    if let electrons = Self.severalElectrons[symbol] {
      return reader.report(
        "metal", "\"\(symbol)\" gives \(electrons) electrons an atom", expected: "a metal that gives one")
    }
    let symbols = Metal.all.map(\.symbol)
    guard reader.place(of: "molar_volume") != nil else {
      let guess =
        Metal.all.first { $0.name == symbol.lowercased() }?.symbol ?? nearest(to: symbol, in: symbols)
      return reader.report(
        "metal", "\"\(symbol)\" is not known\(guess.map { ", did you mean \"\($0)\"?" } ?? "")",
        expected: "one of \(symbols.joined(separator: ", ")), or a molar_volume beside it")
    }
    demand("surface_energy", .surfaceEnergy, "metal", symbols)
    demand("kinetics.exchange_current_density", .currentDensity, "metal", symbols)
  }

  /// Reports a number that is missing of what stands under the key `name` and is in no table.
  private func demand(_ keyPath: String, _ dimension: PhysicalDimension, _ name: String, _ known: [String]) {
    guard reader.place(of: keyPath) == nil else { return }
    let (named, what) =
      name == "metal" ? (setup.metal.symbol, "metal") : (setup.electrolyte.name, "electrolyte")
    let isNamed = reader.place(of: name) != nil
    let guess = isNamed ? nearest(to: named, in: known).map { ", did you mean \"\($0)\"?" } ?? "" : ""
    reader.report(
      at: reader.place(of: isNamed ? name : "metal") ?? .nowhere, keyPath,
      isNamed ? "\"\(named)\" is in no table\(guess)" : "no \(what) of \(setup.metal.symbol) is in a table",
      expected: dimension.expectation)
  }
}
