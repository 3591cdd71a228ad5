import Testing

@testable import Electrodeposition
@testable import Spectral
@testable import Verification

@Suite("Electrolyte that takes part in transport")
struct ConnectedElectrolyteTests {
  private static let empty = "........"
  private static let full = "########"

  /// Where there is electrolyte (1) in the lowest rows of one y, of a drawn moment; ξ of one cell may be another.
  private func electrolyte(
    _ pictures: [[String]], y: Int = 0, changed: (x: Int, z: Int, xi: Double)? = nil
  ) throws -> [String] {
    let drawing = try Drawing(depth: pictures.count > 1 ? pictures.count : nil)
    let level = drawing.level(pictures)
    if let changed { level.metal[changed.x, y, changed.z] = changed.xi }
    ConnectedElectrolyte(drawing.domain).fill(level)
    for i in 0..<drawing.grid.cells {
      let epsilon = level.electrolyteFraction[i]
      #expect(epsilon == 0 || epsilon == 1 - level.metal[i])
    }
    return drawing.picture(pictures[y].count, y: y) { level.electrolyteFraction[$0] > 0 ? 1 : nil }
  }

  @Test("What has no way to the top rests; what is below an overhang, or around the side of the box, has one")
  func ways() throws {
    #expect(try electrolyte([[Self.full, "#..34..#", Self.full]]) == [Self.empty, Self.empty, Self.empty])
    #expect(
      try electrolyte([["####.###", "#..34..#", "########"]]) == ["....1...", ".111111.", Self.empty])
    #expect(try electrolyte([["######.#", "..####..", "#.######"]]) == ["......1.", "11....11", ".1......"])
    // Down, sideways and up again.
    #expect(
      try electrolyte([["######.#", "#.##.#.#", "#.##...#", Self.full]])
        == ["......1.", "....1.1.", "....111.", Self.empty])
  }

  @Test("A corner is no way, and less than a thousandth of electrolyte is none")
  func closed() throws {
    #expect(try electrolyte([["###.####", "####.###"]]) == ["...1....", Self.empty])
    let well = ["###.####", "###.####"]
    #expect(try electrolyte([well], changed: (3, 1, 0.9985)) == ["...1....", "...1...."])
    #expect(try electrolyte([well], changed: (3, 1, 0.9995)) == [Self.empty, Self.empty])
  }

  @Test("In three dimensions ways lead along y, and around the box")
  func depth() throws {
    let (lid, open, closed) = (
      [Self.full, "...#####"], ["#.######", Self.full], [Self.full, Self.full]
    )
    // The well is at y = 0; the tunnel starts below it at y = 7.
    let around = [["#.######", "#.######"], closed, closed, closed, closed, closed, closed, lid]
    #expect(try electrolyte(around, y: 7) == [Self.empty, "111....."])
    let apart = [open, closed, closed, closed, closed, closed, closed, lid]
    #expect(try electrolyte(apart, y: 7) == [Self.empty, Self.empty])
  }

  @Test("A film with a hole inside carries the current of the film alone")
  func enclosedElectrolyte() throws {
    var cell = PlainCell()
    (cell.width, cell.height) = (64, 96)
    cell.seeds = Seeds(film: 60 * cell.cell)
    cell.stages = [Stage(.potential(-0.1), until: Limits(time: 1))]
    let simulation = try Simulation(cell.setup, threads: 1)
    let whole = simulation.state.now.faradaicCurrent
    let now = simulation.state.now
    let grid = simulation.domain.grid
    for x in 0..<grid.count.x {
      for z in 0..<grid.count.z {
        let (dx, dz) = (Double(x) - 31.5, Double(z) - 25)
        let distance = 8 - (dx * dx + dz * dz).squareRoot()
        // ξ of a hole of eight cells' radius, ℓ = 1.5 cells.
        now.metal[x, 0, z] *= 1 / (1 + exp(distance / 1.5))
      }
    }
    simulation.interfaceGeometry.update(now)
    var next: Int32 = 2
    simulation.pieceFinder.find(now, nextIdentity: &next)
    try simulation.beginStage()
    #expect((0..<now.interface.count).contains { now.interface.enclosed[$0] })
    // The hole's interface is four fifths of the film's; only its tail in the metal, where ε is below what counts
    // as electrolyte, cannot be told from the film's.
    #expect(abs(now.faradaicCurrent / whole - 1) < 2e-3)
    #expect(abs(now.pieces[0].area / grid.area - 1) < 2e-3)
  }
}
