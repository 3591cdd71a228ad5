import Spectral

/// A connected piece of metal. It has one potential.
struct Piece: Equatable {
  /// Stays with the piece while it lives; positive.
  var identity: Int32
  /// φ_k, V.
  var potential: Double
  /// Faradaic current I_k = ∫ a i dV, A (A/m in two dimensions): positive when it grows.
  var current = 0.0
  /// Area of its interface with the electrolyte, m².
  var area = 0.0
  /// Area of its contact with each kind of substrate surface, m².
  var contactArea: [Double] = []
}

/// A quantity that follows its rate in the time scheme's own difference: α0 y¹ + α1 y⁰ + α2 y⁻¹ = dt·rate.
struct Book: Equatable {
  var value = 0.0
  var before = 0.0

  /// What the value becomes after a step.
  func advanced(by difference: TimeDifference, rate: Double) -> Double {
    (difference.dt * rate - difference.now * value - difference.before * before) / difference.next
  }

  mutating func advance(by difference: TimeDifference, rate: Double) {
    (value, before) = (advanced(by: difference, rate: rate), value)
  }
}

/// The variable-step BDF2 difference D_t y = (α0 y¹ + α1 y⁰ + α2 y⁻¹)/dt and the extrapolation to t¹ that
/// goes with it, (1+ω) y⁰ − ω y⁻¹, ω = dt/dt⁻. With ω = 0 it is the Euler step.
struct TimeDifference: Equatable {
  let dt: Double
  let ratio: Double
  let next: Double
  let now: Double
  let before: Double

  /// - Parameter previous: the step before, or `nil` for an Euler step.
  init(dt: Double, previous: Double?) {
    self.dt = dt
    ratio = previous.map { dt / $0 } ?? 0
    next = (1 + 2 * ratio) / (1 + ratio)
    now = -(1 + ratio)
    before = ratio * ratio / (1 + ratio)
  }

  func extrapolate(_ now: Double, _ before: Double) -> Double { (1 + ratio) * now - ratio * before }
}

/// One number for each column of cells (x·ny + y).
final class ColumnValues {
  let base: UnsafeMutablePointer<Double>

  init(_ grid: Grid) {
    base = .allocate(capacity: grid.columns)
    base.initialize(repeating: 0, count: grid.columns)
  }

  deinit { base.deallocate() }
}

/// All fields and pieces at one moment of time.
final class Moment {
  /// ξ
  let metal: Field
  /// c, mol/m³
  let salt: Field
  /// φ, V
  let potential: Field
  /// ε = 1−ξ in the cells that take part in transport, 0 in all others. Follows from ξ.
  let electrolyte: Field
  /// d = ℓ ln((1−ξ)/ξ), the signed distance to the surface, m: negative inside. Follows from ξ.
  let distance: Field
  /// v, m/s; 0 away from the surface. (Of a variational moment v w·5ξ(1−ξ), 1/s.)
  let motion: Field
  /// What makes d a distance again, ∂ξ/∂t without b, 1/m². (Of a variational moment without ∇²ξ.)
  let restoring: Field
  /// a i, A/m³
  let reaction: Field
  /// Identity of the piece whose core a cell belongs to, 0 for none.
  let core: UnsafeMutablePointer<Int32>
  let interface: Interface
  var pieces: [Piece] = []
  /// c in the far field, mol/m³, from the box upwards.
  var farSalt: [Double] = []
  /// Thickness of the far field's last cell, m.
  var lastFarCell = 0.0
  /// Potential of the collector, and φ at the counter electrode's surface, V.
  var voltage = 0.0
  var counterPotential = 0.0
  /// Faradaic current and current through the collector, A.
  var faradaicCurrent = 0.0
  var collectorCurrent = 0.0
  /// Largest |v| on the interface with its tails, and where the front is, m/s.
  var largestSpeed = 0.0
  var frontSpeed = 0.0
  /// Speed at which the surface really moved in the step to this moment, m/s; at rest in a balance of v and profile terms
  /// it is far below `frontSpeed`.
  var motionSpeed = 0.0
  /// Largest −∂i/∂e on the interface, A/(m² V).
  var largestSlope = 0.0
  /// Time in which salt and potential follow each other, s (`TimeStep.exchange`).
  var exchangeTime = 0.0
  /// How far from its equilibrium the reaction is, 10⁻²…1: what the tolerances of φ and c are scaled with.
  var drive = 1.0
  /// b of the step that starts here, and what is implicit of everything that levels the surface, m²/s.
  var mobility = 0.0
  var levelling = 0.0

  init(_ grid: Grid) {
    metal = Field(grid)
    salt = Field(grid)
    potential = Field(grid)
    electrolyte = Field(grid)
    distance = Field(grid)
    motion = Field(grid)
    restoring = Field(grid)
    reaction = Field(grid)
    core = .allocate(capacity: grid.cells)
    core.initialize(repeating: 0, count: grid.cells)
    interface = Interface(planes: grid.count.x)
  }

  deinit { core.deallocate() }

  /// φ_k of a piece by its identity, V; `nil` if there is no such piece.
  func potential(of identity: Int32) -> Double? { pieces.first { $0.identity == identity }?.potential }
}

/// A run's state: the moment it stands at, the one before (for the second-order step), and the books.
final class State {
  var now: Moment
  var before: Moment
  var time = 0.0
  var step = 0
  /// The last step taken, s; the next is an Euler step if there is no usable history.
  var lastStep = 0.0
  var nextIsEuler = true
  /// Step wanted next, s.
  var proposedStep = 0.0
  /// Charge of the metal that was made, C.
  var charge = 0.0
  /// Charge that reacted, charge through the collector (double layers included), C, and salt booked as moved in or out,
  /// mol. Metal is made with the extrapolated current, salt is taken with the one that was found: in every step metal
  /// starts from what has reacted, so that the two never part by more than a step's difference.
  var reacted = Book()
  var passed = Book()
  var saltBook = Book()
  var initialMetal = 0.0
  var initialSalt = 0.0
  var nextIdentity: Int32 = 1
  /// The stage under way, whether a limit of it is reached, and where it began.
  var stage = 0
  var stageIsOver = false
  var stageStartTime = 0.0
  var stageStartCharge = 0.0
  var stageStartVoltage = 0.0
  var stageStartThickness = 0.0
  var stageStartHeight = 0.0
  /// Error that a step may make in the voltage of a double layer that charges, V, and time constants for which they are
  /// still followed.
  var chargingError = 0.0
  var chargingLeft = 0.0
  /// Whether salt has been seen at the plating metal since the stage began: it may begin in what another has used up.
  var hadSalt = false
  /// Where it was last looked at how the stage gets on: the step, and the share that was behind.
  var watchedStep = 0
  var watchedShare = 0.0
  /// Moments of output by time reached so far, and the last thickness of output, in units of the one between.
  var timeMarks = 0
  var thicknessMark = 0
  /// Steps that the start of the stage, and pieces that meet, are expected to take still; the latter do not run down
  /// while metal is open.
  var startLeft = 0
  var meetingLeft = 0
  /// Metal is in pieces, or leaves substrate bare, and too little for them to have met.
  var isOpen = false
  /// Fraction of the protocol that is done, 0…1.
  var progress = 0.0

  init(_ grid: Grid) {
    now = Moment(grid)
    before = Moment(grid)
  }
}
