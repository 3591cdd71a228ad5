import Spectral

/// Why a run could not go on. The state before the failing step is intact.
public enum SolverFailure: Error, Sendable, Equatable, CustomStringConvertible {
  case stepTooSmall(time: Double, dt: Double, reason: String)
  case notConverged(what: String, iterations: Int, residual: Double)
  case invalidCase(String)
  case depleted(time: Double)

  public var description: String {
    switch self {
    case .stepTooSmall(let time, let dt, let reason):
      "the time step fell to \(dt) s at t = \(time) s: \(reason)"
    case .notConverged(let what, let iterations, let residual):
      "\(what) did not converge in \(iterations) iterations (error estimate \(residual))"
    case .invalidCase(let reason): reason
    case .depleted(let time): "the salt at the electrode is used up at t = \(time) s"
    }
  }
}

/// The whole state of a run as named arrays, bit for bit.
public struct StateArchive: Sendable, Equatable {
  public var doubles: [String: [Double]] = [:]
  public var integers: [String: [Int64]] = [:]
  public init() {}
}

/// The fields of one moment, for files and pictures. One value per cell, z fastest.
public struct Snapshot: Sendable {
  public struct Item: Sendable {
    public let name: String
    public let unit: String
    public let values: [Double]

    public init(name: String, unit: String, values: [Double]) {
      self.name = name
      self.unit = unit
      self.values = values
    }
  }
  public let grid: Grid
  /// Height of the substrate's surface above the bottom of the box, m (0 without a substrate).
  public let surfaceHeight: Double
  /// One flag per column (x·ny + y): true on an island.
  public let onIsland: [Bool]
  /// `metal` (ψξ, 1), `substrate` (1−ψ, 1), `salt` (mol/m^3), `potential` (V), `piece` (label, 0 for none).
  public let items: [Item]
  public let observables: Observables

  public init(
    grid: Grid, surfaceHeight: Double, onIsland: [Bool], items: [Item], observables: Observables
  ) {
    self.grid = grid
    self.surfaceHeight = surfaceHeight
    self.onIsland = onIsland
    self.items = items
    self.observables = observables
  }

  public subscript(name: String) -> [Double]? { items.first { $0.name == name }?.values }
}

/// A running case.
public final class Simulation {
  public let setup: Case
  public private(set) var observables = Observables()
  /// Fraction of the protocol that is done, 0…1.
  public private(set) var progress = 0.0
  /// Why the run ended; `nil` while it has not.
  public private(set) var endReason: String?
  /// True after a step that hit a moment of `setup.output` (and at the start and end).
  public private(set) var outputIsDue = true

  /// - Throws: `.invalidCase` when the case cannot be set up.
  public init(_ setup: Case, threads: Int) throws(SolverFailure) {
    self.setup = setup
  }

  /// Continues from an archive of a run of the same case, to the last bit.
  public init(_ setup: Case, resuming archive: StateArchive, threads: Int) throws(SolverFailure) {
    self.setup = setup
  }

  /// Advances by one accepted step.
  public func step() throws(SolverFailure) {}

  public func archive() -> StateArchive { StateArchive() }

  public func snapshot() -> Snapshot {
    Snapshot(
      grid: Grid(count: SIMD3(8, 1, 8), spacing: SIMD3(1, 1, 1)), surfaceHeight: 0, onIsland: [], items: [],
      observables: observables)
  }
}
