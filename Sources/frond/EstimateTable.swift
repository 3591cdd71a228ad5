import Analysis
import CaseFiles
import Electrodeposition
import Foundation

/// The numbers that follow from a case, as `frond check` prints them.
struct EstimateTable {
  private(set) var rows: [[String]] = []

  init(_ setup: Case, _ estimates: Estimates) {
    addOperation(setup, estimates)
    addConversion(setup)
    addNucleus(setup, estimates)
    addStability(setup, estimates)
    addCost(setup, estimates)
  }

  private mutating func add(_ name: String, _ value: String?, _ remark: String = "") {
    if let value { rows.append([name, value, remark]) }
  }

  private mutating func addOperation(_ setup: Case, _ estimates: Estimates) {
    if let control = estimates.control { add("first driven stage", describe(control)) }
    add("current density", estimates.current.map(current), estimates.front == nil ? "" : "steady")
    if let front = estimates.front {
      add("potential", human(front.voltage, "V"), "steady")
      add("salt at the front", human(front.surfaceSalt, "mol/m^3"))
    }
    if let tau = setup.migrationRatio, tau >= 1, estimates.front == nil,
      case .potential(let voltage) = estimates.control, voltage < 0
    {
      add(
        "steady front", "none",
        "migration brings \(short(tau)) times the cation that is plated: at \(human(voltage, "V")) it piles up without end"
      )
    }
    add("growth speed", estimates.growthSpeed.map { human($0, "m/s") })
    add("thickness per charge", human(estimates.thicknessPerCharge * 36000, "m") + " per mAh/cm²")
    let limit = estimates.limitingCurrent
    add(
      "limiting current", limit.isFinite ? current(limit) : "none",
      limit.isFinite
        ? "the largest steady one" : "migration brings the cation at least as fast as it is plated")
    add(
      "Sand's time", estimates.sandTime.map(duration),
      "at that current, in a deep electrolyte; not reached below the limiting current")
    if let number = estimates.wagnerNumber {
      add("Wagner number", short(number), "σ/(B × box width): " + Self.meaning(wagner: number))
    }
  }

  private static func meaning(wagner number: Double) -> String {
    switch number {
    case MeasuredCosts.evenWagnerNumber...: "charge transfer alone spreads the current at this scale"
    case 0.05...: "charge transfer and the electrolyte both steer the current at this scale"
    default: "the electrolyte steers the current at this scale: tips draw it"
    }
  }

  private mutating func addConversion(_ setup: Case) {
    guard let conversion = setup.substrate?.conversion else { return }
    let (before, after) = (conversion.thickness, conversion.thickness(at: 1))
    add(
      "conversion", human(conversion.charge, "C/m^2"),
      "taken by \(human(before, "m")) of \(conversion.surface.name) near "
        + "\(human(conversion.potential.value, "V")) before metal is plated; it is \(human(after, "m")) thick then"
    )
  }

  private mutating func addNucleus(_ setup: Case, _ estimates: Estimates) {
    guard let length = estimates.capillaryLength else { return }
    add("capillary length", human(length, "m"), "γ V_m/RT")
    let shape = setup.box.depth == nil ? "a cylinder" : "a sphere"
    add(
      "critical radius", estimates.criticalRadius.map { human($0, "m") },
      "of \(shape); smaller metal dissolves")
    guard let drive = estimates.nucleationOverpotential, drive < 0, let substrate = setup.substrate else {
      return
    }
    var surfaces = [substrate.matrix]
    if let islands = substrate.islands { surfaces.append(islands.surface) }
    for surface in surfaces {
      let barrier = setup.nucleationBarrier(overpotential: drive, contactAngle: surface.contactAngle.value)
      add("nucleation barrier", short(barrier) + " kT", "on \(surface.name), three-dimensional")
      guard case .schottky(let contact) = surface.contact else { continue }
      let saturation = contact.saturationCurrent(temperature: setup.temperature.value)
      add(
        "saturation current", current(saturation),
        "of the Schottky contact on \(surface.name); "
          + (estimates.control.map { setup.holdsSeedsBack(surface.contact, under: $0) } ?? false
            ? "holds seeds back until they touch the matrix, a time that is not counted in that of the protocol"
            : "does not hold seeds back"))
    }
  }

  private mutating func addInterphase(_ setup: Case, _ estimates: Estimates) {
    guard let layer = setup.kinetics.interphase else { return }
    let resistance = PhysicalDimension.arealResistance.formatted(layer.thickness / layer.conductivity.value)
    add(
      "SEI", resistance,
      "at the start"
        + (estimates.interphaseFolding.map {
          "; stretched, it lets waves of all lengths grow e-fold in \(human($0, "m")) of metal"
        } ?? ""))
  }

  private mutating func addStability(_ setup: Case, _ estimates: Estimates) {
    addInterphase(setup, estimates)
    guard let front = estimates.front, let neutral = front.neutralWavelength, let fastest = front.fastestMode
    else { return }
    add("neutral wavelength", human(neutral, "m"), "shorter waves on a flat film decay")
    let growth =
      "grows e-fold in \(duration(1 / fastest.rate)), or \(human(front.speed / fastest.rate, "m")) of metal"
    guard fastest.isMaximum else {
      let length = human(fastest.wavelength, "m")
      return add(
        "fastest wavelength", "no maximum", "the rate saturates above λ = \(length): what is longer \(growth)"
      )
    }
    add(
      "fastest wavelength", human(fastest.wavelength, "m"),
      growth
        + (fastest.wavelength > setup.box.width
          ? "; longer than the box, so it cannot show in this case" : ""))
  }

  private mutating func addCost(_ setup: Case, _ estimates: Estimates) {
    add(
      "interface", "\(short(estimates.cellsPerInterface)) cells",
      "4ℓ = \(human(estimates.interfaceThickness, "m"))")
    add("protocol", duration(estimates.flat.duration), "\(human(estimates.flat.moved, "m")) of metal moved")
    if let stage = estimates.flat.overdrawn.first, stage != estimates.flat.emptied,
      let cutoff = setup.stages[stage].limits.voltage
    {
      add(
        "bare collector", "from \(setup.name(ofStage: stage)) on",
        "it strips all metal; what is left has no surface, and the collector charges to \(human(cutoff, "V"))"
      )
    }
    add(
      "cells", String(Int(estimates.cells.rounded())), "about \(human(estimates.memory, "bytes")) of memory")
    add(
      "steps", "about " + short(estimates.steps.rounded()),
      "an estimate, within a factor of 2 for the shipped cases")
    add(
      "wall time", "about " + duration(estimates.wallTime),
      "from the same steps, on one core: \(short(1e9 * estimates.secondsPerCellStep)) ns per cell and step")
  }
}
