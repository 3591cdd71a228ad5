import Analysis
import CaseFiles
import Electrodeposition
import Foundation

/// What a case asks for and the solver will not resolve, or what will not happen as one might expect.
struct Warnings {
  private(set) var list: [String] = []

  let setup: Case
  let estimates: Estimates
  private let cell: Double
  /// ℓ, m.
  private let width: Double

  init(_ setup: Case, _ estimates: Estimates) {
    self.setup = setup
    self.estimates = estimates
    cell = setup.discretisation.cell
    width = setup.discretisation.interfaceWidth
    checkPlausibility()
    checkSeeds()
    checkGaps()
    checkSubstrate()
    checkWaves()
    checkTransport()
    checkNoise()
    checkInterphase()
    checkPublished()
    checkContacts()
    checkHeldSeeds()
    checkProtocol()
    checkBox()
  }

  mutating func warn(_ text: String) { list.append(text) }

  /// The list as it is printed; empty where there are none.
  var text: String {
    if list.isEmpty { return "" }
    let items = list.map { "  - " + wrapped($0, to: Terminal.columns - 4).joined(separator: "\n    ") }
    return "Warnings\n" + items.joined(separator: "\n")
  }

  private mutating func checkSeeds() {
    let seeds = setup.seeds
    let radii = seeds.caps.map(\.radius) + (seeds.onIslands.map { [$0.radius] } ?? [])
    if radii.isEmpty && seeds.film <= 0 {
      warn("There is no seed and no film: nothing can grow.")
    }
    guard let smallest = radii.min() else { return }
    if smallest < 5 * width {
      warn(
        "The interface is too thick for the seeds: a radius of \(human(smallest, "m")) is less than "
          + "5ℓ = \(human(5 * width, "m")). Take a cell of \(human(smallest / 7.5, "m")) or less.")
    }
    // A given current takes the potential that makes metal grow; a given potential may not.
    if case .potential = estimates.control, let critical = estimates.criticalRadius, smallest < critical {
      warn(
        "Seeds of \(human(smallest, "m")) are below the critical radius of \(human(critical, "m")): "
          + "they dissolve.")
    }
  }

  /// Neighbouring seeds that are drawn together before they grow, since the tails of their profiles pull at each other: at
  /// rest caps of 20ℓ stay apart from 5ℓ/sinθ on (problem 30), those of 100ℓ too. A drop above the wall sees its image.
  private mutating func checkGaps() {
    var caps = setup.seeds.caps
    if let on = setup.seeds.onIslands, let islands = setup.substrate?.islands {
      let next = Double(on.every) * islands.pitch
      caps += [0, next].map { Seeds.Cap(x: $0, radius: on.radius, angle: on.angle) }
    }
    for (n, cap) in caps.enumerated() where cap.z == 0 {
      for other in caps[(n + 1)...] where other.z == 0 {
        let (x, y) = (cap.x - other.x, setup.box.depth == nil ? 0 : cap.y - other.y)
        let gap = (x * x + y * y).squareRoot() - halfBase(cap) - halfBase(other)
        let radius = max(cap.radius, other.radius)
        let sine = sin(min(cap.angle, other.angle, .pi / 2))
        let needed = (5 + log(max(1, radius / (100 * width)))) * width / sine
        if gap <= 0 {
          warn(
            "Seeds of \(human(radius, "m")) overlap by \(human(-gap, "m")): they are one piece from the start."
          )
          return
        }
        guard gap < needed else { continue }
        warn(
          "Seeds are only \(human(gap, "m")) apart: below \(human(needed, "m")) their diffuse surfaces draw each other "
            + "together. Take a cell of \(human(cell * gap / needed, "m")) or less.")
        return
      }
    }
    if let drop = caps.first(where: { $0.z > 0 && $0.z < 3 * width }) {
      warn(
        "A drop hangs \(human(drop.z, "m")) above the surface: below 3ℓ = \(human(3 * width, "m")) it is drawn to it. "
          + "Take a cell of \(human(cell * drop.z / (3 * width), "m")) or less.")
    }
  }

  private func halfBase(_ cap: Seeds.Cap) -> Double { cap.radius * sin(min(cap.angle, .pi / 2)) }

  private mutating func checkSubstrate() {
    guard let islands = setup.substrate?.islands else { return }
    if islands.diameter < 8 * cell {
      warn(
        "An island spans \(short(islands.diameter / cell)) cells; 8 or more are needed for its contact "
          + "and its edge to act. Take a cell of \(human(islands.diameter / 8, "m")) or less.")
    }
    let edge = islands.edgeWidth.value
    // With 1.5 cells a blocked seed passes the edge 7.4 % late, with 3 cells 2 to 3 % (problem 28d).
    if edge < 2 * cell {
      warn(
        "The edge of an island is \(human(edge, "m")) wide, \(short(edge / cell)) cells; below 2 the moment at which "
          + "metal leaves the island is late by more than 5 %. Take a cell of \(human(edge / 3, "m")).")
    }
    let gap = islands.pitch - islands.diameter
    if gap < 4 * cell {
      warn(
        "The gap between islands spans \(short(gap / cell)) cells; the matrix between them is not resolved.")
    }
    let count = setup.box.width / islands.pitch
    if abs(count - count.rounded()) > 1e-6 {
      warn(
        "The box is not a whole number of pitches wide: it takes \(Int(count.rounded())) islands "
          + "at a pitch of \(human(setup.box.width / max(1, count.rounded()), "m")).")
    }
  }

  private mutating func checkWaves() {
    guard let front = estimates.front, let neutral = front.neutralWavelength else { return }
    if neutral < 16 * cell {
      warn(
        "The neutral wavelength of \(human(neutral, "m")) spans \(short(neutral / cell)) cells; "
          + "below 16 capillarity is not resolved. Take a cell of \(human(neutral / 16, "m")) or less.")
    }
  }

  private mutating func checkTransport() {
    for (index, _) in setup.writtenStages {
      let stage = setup.stages[index]
      guard case .current(let density) = stage.control, abs(density) > setup.limitingCurrent,
        density > 0 || setup.electrolyte.end == .counterElectrode
      else { continue }
      let sand = setup.migrationRatio == nil ? setup.sandTime(current: abs(density)) : 0
      let ends = [stage.limits.time, stage.limits.capacity.map { $0 / abs(density) }].compactMap { $0 }
      guard ends.allSatisfy({ $0 > sand }) else { continue }
      warn(
        "\(name(index)) \(density > 0 ? "plates" : "strips") \(current(abs(density))), above the limiting current: "
          + "the salt at the \(density > 0 ? "electrode" : "counter electrode") is used up"
          + (sand > 0 ? " after about \(duration(sand)), and the run ends there." : "."))
    }
    if case .potential = estimates.control, let front = estimates.front,
      front.surfaceSalt < 0.02 * setup.electrolyte.concentration.value
    {
      warn(
        "At \(human(front.voltage, "V")) the salt at a flat film falls to \(human(front.surfaceSalt, "mol/m^3")): "
          + "the electrolyte limits the current, and what stands out of a film grows the faster.")
    }
    if setup.kinetics.firstFilmResistance > 0 || setup.kinetics.interphase != nil,
      setup.kinetics.exchangeCurrentDensity.notes.contains(.includesFilm)
    {
      let key = setup.kinetics.interphase == nil ? "film_resistance" : "sei"
      warn("The exchange current density already contains the film; kinetics.\(key) counts it twice.")
    }
  }

  private mutating func checkInterphase() {
    guard let folding = estimates.interphaseFolding, estimates.flat.moved > 3 * folding else { return }
    warn(
      "The SEI is stretched where the surface bulges, and waves of all lengths grow e-fold in \(human(folding, "m")) of "
        + "metal, down to those of the cells: what grows depends on what disturbs the surface. A better conductor, or a "
        + "film that grows back faster (`growth_current_density`, `decay_thickness`), holds it.")
  }

  private mutating func checkNoise() {
    guard let length = setup.kinetics.noise?.correlationLength else { return }
    let cell = setup.discretisation.grid.spacing.x
    if length < 4 * cell * (1 - 1e-9) {
      warn(
        "The noise changes within \(human(length, "m")), \(short(length / cell)) cells; below 4 it is not resolved, "
          + "and what grows from it depends on the cell.")
    }
    if length > setup.box.width {
      warn(
        "The noise changes over \(human(length, "m")), more than the box is wide: it disturbs no flat front.")
    }
  }

  /// What the models behave like that publications use (docs/published.md).
  private mutating func checkPublished() {
    if let ratio = estimates.variationalRatio, ratio > 0.1 {
      warn(
        "The front is slow: vℓ/(3b) is \(short(ratio)), and a variational front falls behind V_m i/F by 2 % at 0.1 "
          + "and 17 % at 0.4.")
    }
  }

  /// A given current that the islands cannot pass, with no other metal that could take it.
  private mutating func checkContacts() {
    guard case .current(let density) = estimates.control, density > 0, let on = setup.seeds.onIslands,
      let islands = setup.substrate?.islands, setup.seeds.caps.isEmpty, setup.seeds.film <= 0
    else { return }
    let across = islands.diameter / islands.pitch
    let share = (setup.box.depth == nil ? across : .pi / 4 * across * across) / Double(on.every)
    let most: Double
    switch islands.surface.contact {
    case .ohmic: return
    case .insulating: most = 0
    case .schottky(let contact):
      if contact.polarity == .conducting { return }
      most = share * contact.saturationCurrent(temperature: setup.temperature.value)
    }
    if density > most {
      warn(
        "The contacts of the islands pass \(current(most)) of the \(current(density)): the voltage runs away (the "
          + "run ends at 10 V) unless the seeds touch the matrix before.")
    }
  }

  /// A given potential at which a contact passes so little that nothing seems to happen.
  private mutating func checkHeldSeeds() {
    let seeds = setup.seeds
    guard let control = estimates.control, case .potential(let voltage) = control,
      let substrate = setup.substrate,
      seeds.onIslands == nil || seeds.caps.isEmpty
    else { return }
    let surface = seeds.onIslands == nil ? substrate.matrix : substrate.islands?.surface ?? substrate.matrix
    guard let passed = setup.heldCurrent(under: control) else { return }
    let toEdge = setup.heldTime(under: control)
    let wait = toEdge ?? estimates.flat.moved / (passed * setup.volumePerCharge)
    let end = toEdge == nil ? "the end of the protocol" : substrate.matrix.name
    if wait > 86_400 {
      warn(
        "The contact on \(surface.name) passes \(current(passed)) at \(human(voltage, "V")): it takes the seeds "
          + "\(wait < 1e10 ? "about " + duration(wait) : "for ever") to come to \(end), and the run seems to stand "
          + "still. Take a lower barrier or a leak, or add a limit of time.")
    }
  }

  private mutating func checkBox() {
    let box = setup.box
    if setup.electrolyte.thickness < box.height {
      warn(
        "The electrolyte (\(human(setup.electrolyte.thickness, "m"))) is thinner than the box is high "
          + "(\(human(box.height, "m"))).")
    }
    let final = estimates.flat.thickest
    // In a box as tall as the electrolyte the metal may grow up to the other side.
    if final > box.height / 1.5 && box.height < setup.electrolyte.thickness && !box.movingWindow {
      warn(
        "The box is too low: a flat film reaches \(human(final, "m")) of its \(human(box.height, "m")), "
          + "and a rough one more. Leave half as much again.")
    }
    let size = box.depth.map { min($0, box.width) } ?? box.width
    let isFlat = setup.seeds.caps.isEmpty && setup.seeds.onIslands == nil && setup.substrate?.islands == nil
    if size < 16 * cell && !isFlat { warn("The box is only \(short(size / cell)) cells wide.") }
  }
}
