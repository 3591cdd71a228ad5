import CaseFiles
import Electrodeposition
import Foundation

/// What can be computed but is hardly meant.
extension Warnings {
  mutating func checkPlausibility() {
    checkTemperature()
    checkConcentration()
    checkMaterials()
    checkIslands()
    checkCollector()
    checkFarEnd()
    checkStrongPotential()
  }

  /// Against the sharp layer, 10 µm, at 2 nm: −1 V 0.5, 1.1 and 1.8 %, −2 V 9, 15 and 26 % with i0 of 1, 10 and 100 mA/cm².
  private mutating func checkStrongPotential() {
    let held = setup.stages.compactMap { stage -> Double? in
      guard case .potential(let voltage) = stage.control, voltage < -1.01 else { return nil }
      return voltage
    }
    guard let strongest = held.min(), setup.solvesTogether else { return }
    warn(
      "At \(human(strongest, "V")) the current is too high until it has come down to the limiting one: of a flat film in cells "
        + "of 2 nm by up to 2 % at -1 V, but 9 to 26 % at -2 V, the more the larger i0.")
  }

  /// The far end follows the metal that is stripped, but not into the box.
  private mutating func checkFarEnd() {
    let room = setup.electrolyte.thickness - setup.seedThickness
    if setup.solvesTogether, setup.box.height > room, setup.stages.contains(where: { $0.control.strips }) {
      warn(
        "The box is too high to strip all of the metal at the start: the far end cannot follow into the box, and the "
          + "electrolyte gets thicker by up to \(human(setup.box.height - room, "m")). Make the box \(human(room, "m")) "
          + "high or less.")
    }
  }

  /// Tabulated numbers beyond the temperatures that they were found at.
  private mutating func checkTemperature() {
    let temperature = setup.temperature.value
    let metal = Metal.named(setup.metal.symbol, at: temperature)
    let (current, tabulated) = (setup.kinetics.exchangeCurrentDensity, metal?.exchangeCurrentDensity)
    if let metal, let melting = metal.meltingPoint?.value, temperature > melting, !metal.isMolten {
      let solid = [
        setup.metal.molarVolume == metal.molarVolume ? "molar_volume" : nil,
        setup.surfaceEnergy == metal.surfaceEnergy ? "surface_energy" : nil,
      ].compactMap(\.self)
      if !solid.isEmpty {
        warn(
          "At \(human(temperature, "K")) \(metal.name) is molten (above \(human(melting, "K"))), and the table's numbers "
            + "are those of the solid. Give \(solid.joined(separator: " and ")).")
      }
    }
    guard !ElectrolyteEntry.usefulTemperatures.contains(temperature) else { return }
    let isTabulated =
      ElectrolyteEntry.named(setup.electrolyte.name) != nil
      && !setup.electrolyte.replacedNumbers.contains("conductivity")
    let cold = [
      isTabulated ? "electrolyte.conductivity" : nil,
      current == tabulated ? "kinetics.exchange_current_density" : nil,
    ].compactMap(\.self)
    if !cold.isEmpty {
      warn(
        "The table's numbers are those of 298.15 K, and change by some percent a kelvin: at \(human(temperature, "K")) give "
          + "\(cold.joined(separator: " and ")).")
    }
  }

  private mutating func checkConcentration() {
    let electrolyte = setup.electrolyte
    let salt = electrolyte.concentration.value
    let range = ElectrolyteEntry.usefulConcentrations
    if ElectrolyteEntry.named(electrolyte.name) != nil, !electrolyte.replacedNumbers.contains("conductivity"),
      !range.contains(salt)
    {
      warn(
        "The conductivity of \(electrolyte.name) is known at 1 mol/L; at \(short(salt / 1000)) mol/L it is taken in "
          + "proportion, which is of no use below \(short(range.lowerBound / 1000)) and above "
          + "\(short(range.upperBound / 1000)) mol/L. Give electrolyte.conductivity.")
    }
    if salt > 5000 {
      warn("Hardly any salt dissolves to \(short(salt / 1000)) mol/L; solid NaClO4 holds some 20 mol/L.")
    }
  }

  private var surfaces: [Surface] {
    setup.substrate.map { [$0.matrix] + ($0.islands.map { [$0.surface] } ?? []) } ?? []
  }

  /// Alloys carry the symbol of their alkali metal first: Na3Sb.
  private mutating func checkMaterials() {
    for surface in surfaces {
      if let material = SubstrateMaterial.all.first(where: {
        $0.surfaceName == surface.name && [nil, setup.metal.symbol].contains($0.metal) && $0.reaction != nil
      }), let reaction = material.reaction {
        warn(
          "\(surface.name) reacts before metal is plated, \(reaction.equation), and a micrometre of it takes "
            + "\(human(reaction.chargePerMicrometre.value, "C/m^2")): that is not in this version.")
      }
      for other in ["Li", "Na", "K", "Rb", "Cs"]
      where other != setup.metal.symbol && surface.name.hasPrefix(other) {
        let partner = surface.name.dropFirst(other.count).drop { $0.isNumber }.prefix { $0.isLetter }
        guard ["Sb", "Bi", "Sn", "Pb", "P", "As", "Si", "Ge"].contains(partner) else { continue }
        warn(
          "\(setup.metal.symbol) is plated on \(surface.name), an alloy of \(other): it would turn into one of "
            + "\(setup.metal.symbol), and contact angle and contact with it.")
      }
    }
  }

  private mutating func checkIslands() {
    guard let islands = setup.substrate?.islands else { return }
    if islands.edgeWidth.value > islands.diameter {
      warn(
        "The edge of an island is \(human(islands.edgeWidth.value, "m")) wide, the island \(human(islands.diameter, "m")): "
          + "nowhere has it its own contact angle.")
    }
    guard let on = setup.seeds.onIslands else { return }
    let reach = on.radius * sin(on.angle)
    if reach > islands.diameter / 2 {
      warn(
        "Seeds are larger than their islands: they cover \(human(2 * reach, "m")) of \(human(islands.diameter, "m")) and "
          + "touch \(setup.substrate?.matrix.name ?? "the matrix") from the start.")
    }
  }

  private mutating func checkCollector() {
    if !surfaces.isEmpty, surfaces.allSatisfy({ $0.contact == .insulating }) {
      warn("Every contact is insulating: nothing carries a current between collector and metal.")
    }
  }
}
