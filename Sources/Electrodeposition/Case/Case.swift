/// Everything a simulation needs to know, in SI units: what is plated, on what, from what, and how.
///
/// A case is a plain value. Case files are turned into one by `CaseFiles`; tests and verification build
/// theirs in code. Metals and electrolytes come from the sourced tables `Metal` and `Electrolyte`.
public struct Case: Sendable, Equatable {
  public var title: String
  /// Publication that the case follows, and where its numbers come from.
  public var reference: String?
  public var metal: Metal
  /// Temperature, K.
  public var temperature: Sourced
  public var electrolyte: Electrolyte
  public var kinetics: Kinetics
  /// Free energy γ of the metal/electrolyte interface, J/m².
  public var surfaceEnergy: Sourced
  public var capillarity = CapillarityModel.gibbsThomson
  /// `nil`: no substrate in the box; the metal that touches the bottom of the box is the electrode.
  public var substrate: Substrate?
  public var seeds: Seeds
  public var box: Box
  /// Stages run one after the other; the run ends with the last.
  public var stages: [Stage]
  public var output: OutputSchedule
  public var numerics: Numerics

  public init(
    title: String, metal: Metal, temperature: Sourced, electrolyte: Electrolyte, kinetics: Kinetics,
    surfaceEnergy: Sourced, substrate: Substrate?, seeds: Seeds, box: Box, stages: [Stage],
    output: OutputSchedule = OutputSchedule(), numerics: Numerics = Numerics()
  ) {
    self.title = title
    self.metal = metal
    self.temperature = temperature
    self.electrolyte = electrolyte
    self.kinetics = kinetics
    self.surfaceEnergy = surfaceEnergy
    self.substrate = substrate
    self.seeds = seeds
    self.box = box
    self.stages = stages
    self.output = output
    self.numerics = numerics
  }

  /// f = F/(R_g T), 1/V.
  package var inverseThermalVoltage: Double {
    Constants.faraday / (Constants.gas * temperature.value)
  }

  /// Γ = γ V_m/F, V m: the potential shift of a surface of unit curvature (Gibbs–Thomson).
  package var capillaryConstant: Double {
    surfaceEnergy.value * metal.molarVolume.value / Constants.faraday
  }

  /// V_m/F, m³/C: volume of metal per charge.
  package var volumePerCharge: Double { metal.molarVolume.value / Constants.faraday }
}

/// The near field: a box of cubic-ish cells, periodic sideways, its bottom the surface of the substrate.
public struct Box: Sendable, Equatable {
  /// Lateral extents, m. `depth` is `nil` in two dimensions (one cell deep; extensive values per metre).
  public var width: Double
  public var depth: Double?
  /// Height of the box above its bottom, which is the substrate's surface until a moving window has left it, m.
  public var height: Double
  /// Wanted cell size, m. The grid takes the nearest size its transforms and sweeps can use.
  public var cell: Double
  /// Whether the box is raised with the front of a closed film, and follows it down again.
  public var movingWindow: Bool

  public init(
    width: Double, depth: Double? = nil, height: Double, cell: Double, movingWindow: Bool = false
  ) {
    self.width = width
    self.depth = depth
    self.height = height
    self.cell = cell
    self.movingWindow = movingWindow
  }
}

/// Metal present at the start, booked in charge and salt: the union of a flat film and caps.
public struct Seeds: Sendable, Equatable {
  /// Thickness of a flat film on the substrate, m; 0 for none.
  public var film: Double
  /// One cap centred on every n-th island (1: on each; 2: on every second one), or `nil`.
  public var onIslands: OnIslands?
  /// Caps at given places.
  public var caps: [Cap]
  /// η at which the metal appears: as soon as V is at most −η on a collector without metal, V. `nil`: it is there at the
  /// start.
  public var nucleationOverpotential: Sourced?

  public struct OnIslands: Sendable, Equatable {
    public var radius: Double
    /// Apparent contact angle of the cap at birth, rad: π/2 is a half sphere centred on the surface.
    public var angle: Double
    public var every: Int
    public init(radius: Double, angle: Double = .pi / 2, every: Int = 1) {
      self.radius = radius
      self.angle = angle
      self.every = every
    }
  }

  public struct Cap: Sendable, Equatable {
    /// Position of the axis, m from the box's corner (y is ignored in two dimensions).
    public var x: Double
    public var y: Double
    /// Height above the substrate's surface on which the cap sits, m (0: on the substrate).
    public var z: Double
    /// Radius of the sphere, m, and its angle with the surface it sits on, rad.
    public var radius: Double
    public var angle: Double
    public init(x: Double, y: Double = 0, z: Double = 0, radius: Double, angle: Double = .pi / 2) {
      self.x = x
      self.y = y
      self.z = z
      self.radius = radius
      self.angle = angle
    }
  }

  public init(film: Double = 0, onIslands: OnIslands? = nil, caps: [Cap] = []) {
    self.film = film
    self.onIslands = onIslands
    self.caps = caps
  }
}

/// When rows, fields, pictures and checkpoints are written. The start and the end of a run always are.
public struct OutputSchedule: Sendable, Equatable {
  /// Interval of equivalent thickness, m; `nil`: not by thickness.
  public var everyThickness: Double?
  /// Interval of time, s; `nil`: not by time.
  public var everyTime: Double?
  /// Steps between rows of the history, while it is short.
  public var historyEvery: Int
  public var fields: Bool
  public var pictures: Bool
  /// Wall-clock interval between checkpoints, s.
  public var checkpointEvery: Double

  public init(
    everyThickness: Double? = nil, everyTime: Double? = nil, historyEvery: Int = 1, fields: Bool = true,
    pictures: Bool = true,
    checkpointEvery: Double = 60
  ) {
    self.everyThickness = everyThickness
    self.everyTime = everyTime
    self.historyEvery = historyEvery
    self.fields = fields
    self.pictures = pictures
    self.checkpointEvery = checkpointEvery
  }
}

/// Numerical choices. No result may depend on them beyond the stated tolerances.
public struct Numerics: Sendable, Equatable {
  /// ℓ of the metal's profile, in cells.
  public var interfaceWidth: Double
  /// Multiplies the numerical profile mobility b (for tests that nothing depends on it).
  public var mobilityFactor: Double
  /// Return the charge defect to the interface (off only in verification).
  public var closure: Bool
  /// Largest motion of the interface in one step, cells.
  public var maximumFrontStep: Double
  /// Accepted error of the front's position in one step, cells.
  public var frontTolerance: Double
  /// Accepted error of the potential, in units of RT/F, and of the salt, in units of its smallest value in the
  /// electrolyte: as much of the current when the reaction is far from equilibrium. Nearer to it both are that much
  /// stricter (`TimeLevel.distanceFromEquilibrium`).
  public var potentialTolerance: Double
  public var saltTolerance: Double
  /// Largest change of the salt in one step, in units of c0.
  public var maximumSaltChange: Double
  /// First step after the start or a change of protocol, and smallest step before the run fails, s.
  /// `nil`: derived from the case.
  public var initialStep: Double?
  public var minimumStep: Double?
  /// Seed of every random number.
  public var randomSeed: UInt64
  /// Take steps of this size without error control, s (verification of orders only).
  package var fixedStep: Double?

  public init(
    interfaceWidth: Double = 1.5, mobilityFactor: Double = 1,
    closure: Bool = true, maximumFrontStep: Double = 0.15, frontTolerance: Double = 5e-3,
    potentialTolerance: Double = 1e-3, saltTolerance: Double = 1e-4, maximumSaltChange: Double = 0.05,
    initialStep: Double? = nil, minimumStep: Double? = nil, randomSeed: UInt64 = 1
  ) {
    self.interfaceWidth = interfaceWidth
    self.mobilityFactor = mobilityFactor
    self.closure = closure
    self.maximumFrontStep = maximumFrontStep
    self.frontTolerance = frontTolerance
    self.potentialTolerance = potentialTolerance
    self.saltTolerance = saltTolerance
    self.maximumSaltChange = maximumSaltChange
    self.initialStep = initialStep
    self.minimumStep = minimumStep
    self.randomSeed = randomSeed
  }
}
