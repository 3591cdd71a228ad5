import Electrodeposition
import Spectral

/// What the values of a case must be to each other. Comparisons are written so that NaN, which stands for a
/// value already reported, never adds a second complaint.
struct CaseChecks {
  let setup: Case
  let reader: CaseReader

  /// Cells that a length must span to be more than the width of the diffuse interface.
  static let resolvedCells = 3.0
  /// Free cells wanted above the seeds.
  static let headroomCells = 8.0
  static let mostCells = 1e9

  func run() {
    checkBox()
    checkMaterials()
    checkIslands()
    checkSeeds()
    for contradiction in setup.contradictions {
      reader.report(contradiction.key, contradiction.found, expected: contradiction.expected)
    }
    for (index, stage) in setup.stages.enumerated() { check(stage, path: "protocol.\(index)") }
  }

  private func length(_ value: Double) -> String { PhysicalDimension.length.formatted(value) }

  private func checkBox() {
    let box = setup.box
    for (name, extent) in [("width", box.width), ("depth", box.depth ?? .nan), ("height", box.height)]
    where extent < CaseChecks.headroomCells * box.cell {
      reader.report(
        "box.\(name)", "\(length(extent)) is less than 8 cells of \(length(box.cell))",
        expected: "a larger box or a smaller cell")
    }
    let cells = (box.width / box.cell) * (box.height / box.cell) * (box.depth.map { $0 / box.cell } ?? 1)
    if cells > CaseChecks.mostCells {
      reader.report(
        "box.cell", "the box would have \(short(cells)) cells",
        expected: "at most \(short(CaseChecks.mostCells))")
    }
    if box.height > setup.electrolyte.thickness {
      reader.report(
        "box.height",
        "\(length(box.height)) is above the electrolyte's far end at \(length(setup.electrolyte.thickness))",
        expected: "a height of at most electrolyte.thickness")
    }
  }

  private func checkIslands() {
    guard let islands = setup.substrate?.islands else { return }
    let box = setup.box
    let path = "substrate.islands"
    if islands.diameter >= islands.pitch {
      reader.report(
        "\(path).diameter",
        "\(length(islands.diameter)) is not less than the pitch, \(length(islands.pitch))",
        expected: "islands that do not touch")
    }
    for (name, extent) in [("width", box.width), ("depth", box.depth ?? .nan)]
    where extent < islands.pitch * (1 - 1e-9) {
      reader.report(
        "\(path).pitch", "\(length(islands.pitch)) is more than the box's \(name), \(length(extent))",
        expected: "at least one island in the box")
    }
    checkResolved(islands.diameter, "\(path).diameter")
  }

  private func checkResolved(_ size: Double, _ path: String) {
    guard size < CaseChecks.resolvedCells * setup.box.cell * (1 - 1e-9) else { return }
    reader.report(
      path, "\(length(size)) is less than 3 cells of \(length(setup.box.cell))",
      expected: "a smaller box.cell or a larger size")
  }

  // MARK: Seeds

  private func checkSeeds() {
    let seeds = setup.seeds
    if seeds.film == 0, seeds.onIslands == nil, seeds.caps.isEmpty, reader.isSound("seeds") {
      reader.report("seeds", "there is no metal at the start", expected: "a film, on_islands or caps")
    }
    if seeds.film != 0 {
      checkResolved(seeds.film, "seeds.film")
      checkTop(seeds.film, "seeds.film")
    }
    if let onIslands = seeds.onIslands {
      if setup.substrate?.islands == nil, reader.isSound("substrate") {
        reader.report(
          "seeds.on_islands", "the substrate has no islands",
          expected: "substrate.islands, or seeds.caps instead")
      }
      checkResolved(onIslands.radius, "seeds.on_islands.radius")
      checkTop(top(onIslands.radius, onIslands.angle), "seeds.on_islands.radius")
    }
    for (index, cap) in seeds.caps.enumerated() { check(cap, path: "seeds.caps.\(index)") }
  }

  private func check(_ cap: Seeds.Cap, path: String) {
    let box = setup.box
    if cap.x > box.width {
      reader.report(
        "\(path).x", "\(length(cap.x)) is outside the box, which is \(length(box.width)) wide",
        expected: "a position in the box")
    }
    if let depth = box.depth, cap.y > depth {
      reader.report(
        "\(path).y", "\(length(cap.y)) is outside the box, which is \(length(depth)) deep",
        expected: "a position in the box")
    }
    checkResolved(cap.radius, "\(path).radius")
    checkTop(cap.z + top(cap.radius, cap.angle), cap.z > cap.radius ? "\(path).z" : "\(path).radius")
  }

  /// Height of a cap whose sphere meets the surface at this angle: R (1 − cos θ).
  private func top(_ radius: Double, _ angle: Double) -> Double { radius * (1 - cos(angle)) }

  private func checkTop(_ top: Double, _ path: String) {
    guard top + CaseChecks.headroomCells * setup.box.cell > setup.box.height else { return }
    reader.report(
      path, "the metal reaches \(length(top)) in a box \(length(setup.box.height)) high",
      expected: "at least 8 free cells above it")
  }

  // MARK: Protocol

  private func plates(_ control: Control) -> Bool {
    switch control {
    case .potential(let voltage): voltage < 0
    case .current(let current): current > 0
    case .rest: false
    }
  }

  private func check(_ stage: Stage, path: String) {
    let limits = stage.limits
    for (name, limit) in [("height", limits.height ?? .nan), ("thickness", limits.thickness ?? .nan)]
    where limit >= setup.box.height && !setup.box.movingWindow {
      reader.report(
        "\(path).until.\(name)",
        "\(length(limit)) is not inside the box, which is \(length(setup.box.height)) high",
        expected: "a smaller limit or a higher box")
    }
    if path == "protocol.0", let limit = limits.thickness, limits == Limits(thickness: limit),
      plates(stage.control), limit <= setup.seedThickness
    {
      reader.report(
        "\(path).until.thickness",
        "\(length(limit)) is less than the seeds, which hold \(length(setup.seedThickness))",
        expected: "a larger limit")
    }
    switch stage.control {
    case .potential where limits.voltage != nil:
      reader.report(
        "\(path).until.voltage", "the stage holds the potential",
        expected: "another limit, such as time or capacity")
    case .current where limits.current != nil, .rest where limits.current != nil:
      reader.report(
        "\(path).until.current", "the stage does not hold a potential",
        expected: "another limit, such as time, capacity or voltage")
    case .rest where limits.time == nil && limits.voltage == nil && reader.isSound(path):
      reader.report(
        "\(path).until", "a rest may never reach these limits", expected: "a limit of time or voltage")
    default: break
    }
  }
}
