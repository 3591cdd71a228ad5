import Testing

@testable import Electrodeposition
@testable import Spectral
@testable import Verification

/// A film of 60 nm that plates in a window of 192 nm.
private func cell(_ stages: Stage..., change: (inout PlainCell) -> Void = { _ in }) -> Case {
  var cell = PlainCell()
  (cell.height, cell.movingWindow) = (96, true)
  cell.seeds = Seeds(film: 60e-9)
  let island = PlainCell.surface("island", .pi / 2, .schottky(PlainCell.barrier))
  cell.substrate = Substrate(
    matrix: PlainCell.surface("Ni", .pi / 2, PlainCell.ohmic),
    islands: Islands(diameter: 8e-9, pitch: 16e-9, surface: island))
  cell.stages = stages
  change(&cell)
  return cell.setup
}

private func plate(_ thickness: Double) -> Stage { Stage(.current(10), until: Limits(thickness: thickness)) }
private func strip(_ thickness: Double) -> Stage { Stage(.current(-10), until: Limits(thickness: thickness)) }

@Suite("The box as a moving window")
struct MovingWindowTests {
  @Test("it rises by rows of full metal, and what it holds counts from the substrate")
  func rises() throws {
    let simulation = try Simulation(cell(plate(400e-9)), threads: 1)
    let contacts = simulation.contactAreas
    var rises = 0
    while simulation.endReason == nil {
      let (bottom, height) = (simulation.bottom, simulation.observables.maximumHeight)
      try simulation.step()
      let risen = simulation.bottom - bottom
      #expect(risen == 0 || abs(risen / 16e-9 - 1) < 1e-9)
      if risen > 0 { rises += 1 }
      #expect(simulation.observables.maximumHeight - height < 1e-9, "the front goes on as ever")
      #expect(simulation.contactAreas == contacts, "the wall below keeps its contacts")
      #expect(abs(simulation.observables.chargeError) < 1e-13)
      #expect(abs(simulation.observables.saltError) < 1e-13)
      let nz = simulation.grid.count.z
      let lowest = stride(from: 0, to: simulation.grid.cells, by: nz).map { simulation.metalProfile[$0] }
      #expect(lowest.allSatisfy { $0 == 1 })
    }
    #expect(simulation.endReason == .protocolComplete && rises > 15)
    let now = simulation.observables
    #expect(abs(now.maximumHeight - 400e-9) < 5e-12 && now.roughness < 1e-15, "\(now.maximumHeight)")
    #expect(abs(now.equivalentThickness / 400e-9 - 1) < 1e-6 && now.bareFraction == 0)
    #expect(simulation.reactingCells.allSatisfy { abs($0.height - 400e-9) < 16e-9 })
    let snapshot = simulation.snapshot()
    #expect(snapshot.bottom == simulation.bottom && !snapshot.hasSubstrate)
    #expect(now.maximumHeight - snapshot.bottom <= 97e-9)
    let far = simulation.farCells.reduce(0) { $0 + $1.size }
    let whole = far + 192e-9 + snapshot.bottom
    #expect(abs(whole / (10e-6 + 340e-9) - 1) < 1e-9, "the electrolyte keeps its thickness")
  }

  @Test("a shift leaves every bit of what stays in the box, and takes metal and salt along")
  func shift() throws {
    let simulation = try Simulation(cell(plate(200e-9), strip(50e-9)) { $0.width = 24 }, threads: 1)
    var moves: Set<Int> = []
    while simulation.endReason == nil {
      let (former, bottom) = (simulation.archive().doubles, simulation.bottom)
      let amounts = simulation.inventory(simulation.state.now)
      simulation.followFront()
      let rows = Int(((simulation.bottom - bottom) / 2e-9).rounded())
      if rows != 0 {
        moves.insert(rows)
        let (now, height) = (simulation.archive().doubles, simulation.grid.count.z)
        for (name, _) in Archived.fields(simulation.state.now) {
          let (old, new) = (try #require(former["now.\(name)"]), try #require(now["now.\(name)"]))
          let stays = old.indices.allSatisfy { i in
            let z = i % height - rows
            return !(0..<height).contains(z) || new[i - rows].bitPattern == old[i].bitPattern
          }
          #expect(stays, "\(name)")
        }
        let kept = simulation.inventory(simulation.state.now)
        #expect(abs(kept.metal / amounts.metal - 1) < 1e-14 && abs(kept.salt / amounts.salt - 1) < 1e-14)
        let slopes = (height - 24..<height - 1).map { simulation.salt[$0 + 1] - simulation.salt[$0] }
        #expect(slopes.allSatisfy { abs($0 / slopes[0] - 1) < 0.01 }, "c goes on in a straight line")
      }
      try simulation.step()
    }
    #expect(moves == [8, -8])
  }

  @Test("it comes down again with the front, until the substrate is its bottom")
  func comesDown() throws {
    let simulation = try Simulation(cell(plate(200e-9), strip(50e-9)), threads: 1)
    var highest = 0.0
    while simulation.endReason == nil {
      try simulation.step()
      highest = max(highest, simulation.bottom)
    }
    #expect(simulation.endReason == .protocolComplete && highest > 90e-9 && simulation.bottom == 0)
    let now = simulation.observables
    #expect(abs(now.maximumHeight - 50e-9) < 5e-12, "\(now.maximumHeight)")
    #expect(abs(now.equivalentThickness / 50e-9 - 1) < 1e-6)
    #expect(abs(now.chargeError) < 1e-12 && abs(now.saltError) < 1e-12)
    #expect(simulation.snapshot().hasSubstrate)
  }

  @Test("a run that stops before or after a shift goes on to the last bit", arguments: [true, false])
  func resume(isRising: Bool) throws {
    let setup = cell(plate(160e-9), strip(40e-9))
    let simulation = try Simulation(setup, threads: 1)
    let isThere = { isRising ? simulation.bottom > 0 : simulation.stage == 1 && simulation.bottom < 32e-9 }
    var archives: [StateArchive] = []
    while !isThere() {
      archives = archives.suffix(2) + [simulation.archive()]
      try simulation.step()
    }
    archives.append(simulation.archive())
    for _ in 0..<5 { try simulation.step() }
    for archive in archives {
      let other = try Simulation(setup, resuming: archive, threads: 1)
      while other.observables.step < simulation.observables.step { try other.step() }
      #expect(other.archive() == simulation.archive())
    }
  }

  @Test("it costs the cells of the window, and no more steps than a tall box")
  func cost() throws {
    func work(_ rows: Double, moves: Bool) throws -> (cells: Int, steps: Int) {
      let simulation = try Simulation(
        cell(plate(400e-9)) { ($0.height, $0.movingWindow) = (rows, moves) }, threads: 1)
      while simulation.endReason == nil { try simulation.step() }
      return (simulation.grid.cells, simulation.observables.step)
    }
    let (window, tall) = (try work(96, moves: true), try work(288, moves: false))
    #expect(window.cells * 3 == tall.cells && window.steps == tall.steps, "\(window), \(tall)")
  }

  @Test("a hole near the bottom keeps it where it is, and the run ends below its top")
  func hole() throws {
    let simulation = try Simulation(cell(plate(300e-9)) { $0.width = 32 }, threads: 1)
    try simulation.begin(
      metal: { place in
        let way = SIMD2(place.x - 32e-9, place.z - 24e-9)
        return max(place.z - 120e-9, 18e-9 - (way * way).sum().squareRoot())
      }, salt: { _ in 1000 })
    while simulation.endReason == nil { try simulation.step() }
    #expect(simulation.bottom == 0 && simulation.endReason == .topReached)
    #expect(simulation.observables.maximumHeight > 173e-9)
  }

  @Test("what lies below the box of a film without contact is dead metal too")
  func dead() throws {
    var insulating = cell(Stage(.rest, until: Limits(time: 1)))
    insulating.substrate = Substrate(matrix: PlainCell.surface("glass", .pi / 2, .insulating))
    insulating.seeds.film = 120e-9
    let simulation = try Simulation(insulating, threads: 1)
    // Both moments that a step starts from have their profiles ended after two.
    for _ in 0..<3 { try simulation.step() }
    #expect(simulation.bottom > 0 && abs(simulation.observables.deadMetal / 120e-9 - 1) < 1e-4)
  }

  @Test("a window that cannot work is refused")
  func refused() {
    func keys(_ change: (inout PlainCell) -> Void) -> [String] {
      cell(plate(100e-9), change: change).contradictions.map(\.key)
    }
    #expect(keys { _ in }.isEmpty)
    #expect(keys { $0.height = 72 } == ["box.height"])
    #expect(keys { $0.thickness = 300e-9 } == ["box.height"])
    var alone = cell(plate(100e-9))
    alone.electrolyte.transport = .cation
    #expect(alone.contradictions.map(\.key).contains("box.moving_window"))
  }
}

@Suite("Salt that is cut anew")
struct SaltProfileTests {
  private let sizes = [2.0, 3, 5, 8, 13]

  private func straight(_ sizes: [Double]) -> [Double] {
    var bottom = 0.0
    return sizes.map { size in
      defer { bottom += size }
      return 7 + 0.3 * (bottom + size / 2)
    }
  }

  @Test("a straight line stays one")
  func line() {
    let profile = SaltProfile(sizes, straight(sizes), bottom: 7)
    let others = [1, 1, 1, 4.5, 10, 13.5]
    for (found, wanted) in zip(profile.means(over: others), straight(others)) {
      #expect(abs(found - wanted) < 1e-13)
    }
  }

  @Test("none is lost, and cells that stay as they are keep theirs")
  func conserved() {
    let salts = [3.0, 9, 2, 7, 1]
    let profile = SaltProfile(sizes, salts, bottom: 5)
    #expect(zip(profile.means(over: sizes), salts).allSatisfy { abs($0 - $1) < 1e-14 })
    let others = [0.5, 0.25, 11, 6.25, 4, 9]
    let amounts = (zip(others, profile.means(over: others)).map(*), zip(sizes, salts).map(*))
    #expect(abs(amounts.0.reduce(0, +) - amounts.1.reduce(0, +)) < 1e-13)
  }
}
