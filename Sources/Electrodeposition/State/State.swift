import Spectral

/// A run's state: the level it stands at, the one before (for the second-order step), and the books.
final class State {
  var now: TimeLevel
  var before: TimeLevel
  var time = 0.0
  var step = 0
  var nextIdentity: Int32 = 1

  // MARK: Books

  /// Charge of the metal that was made, C.
  var charge = 0.0
  /// Charge that passed the collector, C.
  var collectorCharge = 0.0
  /// Where the charge through the collector went: into metal, interphase, the conversion of the substrate, double layers, C,
  /// and salt booked as moved in or out, mol. Metal is made and a stage is ended with extrapolated currents, before those
  /// of the moment are found: in every step they start from these books, so that the two never part by more than a step's
  /// difference.
  var reacted = TimeIntegral()
  var interphase = TimeIntegral()
  var converted = TimeIntegral()
  var layers = TimeIntegral()
  var collected = TimeIntegral()
  var saltBook = TimeIntegral()
  /// m³, and mol.
  var initialMetal = 0.0
  var initialSalt = 0.0

  // MARK: Step control

  /// The last step taken, s; the next is an Euler step if there is no usable history.
  var lastStep = 0.0
  var nextIsEuler = true
  /// Step wanted next, s.
  var proposedStep = 0.0
  /// Error that a step may make in the voltage of a double layer that charges, V, and time constants for which they are
  /// still followed.
  var chargingError = 0.0
  var chargingLeft = 0.0

  // MARK: Protocol

  /// The stage under way, whether a limit of it is reached, and where it began.
  var stage = 0
  var stageIsOver = false
  var stageStartTime = 0.0
  var stageStartCharge = 0.0
  var stageStartInterphase = 0.0
  var stageStartDeadMetal = 0.0
  var stageStartVoltage = 0.0
  var stageStartThickness = 0.0
  var stageStartHeight = 0.0
  /// Equivalent thickness as the last stage that plated ended, m; that at the start, where none has.
  var platedThickness = 0.0
  /// ∫ V dt of the stage, V s.
  var voltageTime = 0.0
  /// Whether salt has been seen at the plating metal since the stage began: it may begin in what another has used up.
  var hadSalt = false
  /// Where it was last looked at how the stage gets on: the step, and the share that was behind.
  var watchedStep = 0
  var watchedShare = 0.0
  /// Moments of output by time reached so far, and the last thickness of output, in units of the one between.
  var timeMarks = 0
  var thicknessMark = 0

  // MARK: Progress

  /// Steps that the start of the stage, and pieces that meet, are expected to take still; the latter do not run down
  /// while metal is open.
  var startLeft = 0
  var meetingLeft = 0
  /// Metal is in pieces, or leaves substrate bare, and too little for them to have met.
  var isOpen = false
  /// Fraction of the protocol that is done, 0…1.
  var progress = 0.0

  init(_ grid: Grid) {
    now = TimeLevel(grid)
    before = TimeLevel(grid)
  }
}
