import Testing

@testable import Electrodeposition
@testable import Spectral
@testable import Verification

/// Pieces of drawn moments, one after the other.
private final class Pieces {
  private let drawing: Drawing
  private let finder: PieceFinder
  private var next: Int32 = 1
  private(set) var now: TimeLevel

  init(_ pictures: [[String]]) throws {
    drawing = try Drawing(depth: pictures.count > 1 ? pictures.count : nil)
    finder = PieceFinder(drawing.domain, wallDistance: ColumnValues(drawing.grid))
    now = drawing.level(pictures)
    finder.find(now, nextIdentity: &next)
  }

  /// Of a bottom row in two dimensions.
  convenience init(_ row: String) throws { try self.init([[row]]) }

  /// Goes on to the next moment. Returns whether its pieces are others, and its cores.
  func go(to row: String) -> (changed: Bool, cores: String) {
    let trial = drawing.level([[row]])
    let changed = finder.update(trial, from: now, nextIdentity: &next)
    now = trial
    return (changed, cores()[0])
  }

  func rebuild() { finder.rebuildLabels(now) }

  var identities: [Int32] { now.pieces.map(\.identity) }

  /// The identity of the core of each cell.
  func cores(_ rows: Int = 1, y: Int = 0) -> [String] {
    drawing.picture(rows, y: y) { now.core[$0] == 0 ? nil : Int(now.core[$0]) }
  }

  /// The position of the piece of each cell of the interface.
  func owners(_ rows: Int) -> [String] {
    drawing.picture(rows) { now.interface.piece[$0] < 0 ? nil : Int(now.interface.piece[$0]) }
  }
}

@Suite("Labels of pieces")
struct PieceFinderTests {
  private static let empty = "........"

  @Test("Metal at both sides of the periodic box is one piece, at its bottom and its top it is two")
  func periodic() throws {
    #expect(try Pieces("9......9").cores() == ["1......1"])
    #expect(try Pieces("9.....9.").cores() == ["1.....2."])
    let upright = try Pieces([["9......."] + Array(repeating: Self.empty, count: 14) + ["9......."]])
    #expect(upright.identities == [1, 2])
    func deep(_ y: Int) throws -> Pieces {
      try Pieces((0..<8).map { [$0 == 0 || $0 == y ? "9......." : Self.empty] })
    }
    let (near, far) = (try deep(7), try deep(6))
    #expect(near.identities == [1] && near.cores(y: 7) == ["1......."])
    #expect(far.identities == [1, 2] && far.cores(y: 6) == ["2......."])
  }

  @Test("Cells that touch at an edge or a corner are not connected, cells that share a face are")
  func diagonal() throws {
    #expect(try Pieces([[".9......", "9......."]]).cores(2) == [".2......", "1......."])
    #expect(try Pieces([[".9......", "99......"]]).cores(2) == [".1......", "11......"])
    let beside = [["9......."], [".9......"]] + Array(repeating: [Self.empty], count: 6)
    #expect(try Pieces(beside).identities == [1, 2])
  }

  @Test("The larger of new pieces has the smaller number; what is not above one half is none")
  func birth() throws {
    #expect(try Pieces("9..995..").cores() == ["2..111.."])
    #expect(try Pieces("4444....").identities == [])
    let pieces = try Pieces("99......")
    pieces.now.voltage = -0.1
    #expect(pieces.go(to: "99..7...") == (true, "11..2..."))
    #expect(pieces.now.pieces.map(\.potential) == [0, -0.1])
  }

  @Test("A cell joins a core above 0.5 and leaves it below 0.4")
  func hysteresis() throws {
    let pieces = try Pieces("999.....")
    #expect(pieces.go(to: "994.....") == (false, "111....."))
    #expect(pieces.go(to: "993.....") == (false, "11......"))
    #expect(pieces.go(to: "994.....") == (false, "11......"))
    #expect(pieces.go(to: "995.....") == (false, "111....."))
  }

  @Test("A piece that moves keeps its identity and its potential")
  func identity() throws {
    let pieces = try Pieces("..99..5.")
    (pieces.now.pieces[0].potential, pieces.now.pieces[1].potential) = (0.1, 0.2)
    #expect(pieces.go(to: "...99.5.") == (false, "...11.2."))
    #expect(pieces.now.pieces.map(\.potential) == [0.1, 0.2])
  }

  @Test(
    "Pieces that merge are the one that brings more cells, the older of equals",
    arguments: [
      ("999.77..", "999977..", "111111..", 0.1), ("..9.77..", "..9977..", "..2222..", 0.2),
      (".99.77..", ".99977..", ".11111..", 0.1),
    ])
  func merge(before: String, after: String, cores: String, potential: Double) throws {
    let pieces = try Pieces("999.77..")
    (pieces.now.pieces[0].potential, pieces.now.pieces[1].potential) = (0.1, 0.2)
    #expect(pieces.go(to: before).changed == false)
    #expect(pieces.go(to: after) == (true, cores))
    #expect(pieces.now.pieces.map(\.potential) == [potential])
  }

  @Test(
    "The largest part of a piece that splits keeps its identity, both keep its potential",
    arguments: [("999.9...", "111.2..."), ("9.999...", "2.111..."), ("99.99...", "11.22...")])
  func split(parts: String, cores: String) throws {
    let pieces = try Pieces("99999...")
    pieces.now.pieces[0].potential = 0.3
    #expect(pieces.go(to: parts) == (true, cores))
    #expect(pieces.now.pieces.map(\.potential) == [0.3, 0.3])
  }

  @Test("A piece without a cell above one half vanishes, and what is left of it does not react")
  func vanishing() throws {
    let pieces = try Pieces("77..99..")
    #expect(pieces.go(to: "44..99..") == (true, "....22.."))
    #expect(pieces.identities == [2])
    // Its number is not given again.
    #expect(pieces.owners(1) == ["...0000."])
    #expect(pieces.go(to: "77..99..") == (true, "33..22.."))
    #expect(pieces.owners(1) == ["11100001"])
  }

  @Test("A cell of the interface belongs to the piece that the steepest way up leads to")
  func climbing() throws {
    let pieces = try Pieces("93012480")
    #expect(pieces.cores() == ["1.....2."])
    #expect(pieces.owners(3) == [Self.empty, "00011110", "00011110"])
  }

  @Test("A bridge links two pieces above 0.5, holds until 0.4, and parts them below")
  func bridge() throws {
    let pieces = try Pieces("99...99.")
    #expect(pieces.go(to: "9944499.") == (false, "11...22."))
    #expect(pieces.go(to: "9955599.") == (true, "1111111."))
    #expect(pieces.go(to: "9944499.") == (false, "1111111."))
    #expect(pieces.go(to: "9943499.") == (true, "111.333."))
  }

  @Test("Labels of the interface are found again from the cores")
  func rebuilding() throws {
    let pieces = try Pieces("93012480")
    for j in 0..<pieces.now.interface.count { pieces.now.interface.piece[j] = 7 }
    pieces.rebuild()
    #expect(pieces.owners(1) == ["00011110"])
  }
}
