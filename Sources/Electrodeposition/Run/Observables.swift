/// What a user follows while a cell runs: one row of the history.
public struct Observables: Sendable, Equatable {
  public var step = 0
  /// s
  public var time = 0.0
  public var dt = 0.0
  /// Stage of the protocol and cycle, both from 1: a cycle begins with the first plating after stripping.
  public var stage = 1
  public var cycle = 1
  /// Potential of the collector, V.
  public var voltage = 0.0
  /// Current per projected area, A/m², positive while plating.
  public var currentDensity = 0.0
  /// Charge through the collector since the start per projected area, double layers included, C/m², positive for plating.
  public var capacity = 0.0
  /// Where that charge went: into metal that was not there at the start, into the interphase (SEI), into the conversion of the
  /// substrate, into double layers, C/m².
  public var metalCharge = 0.0
  public var interphaseCharge = 0.0
  public var conversionCharge = 0.0
  public var layerCharge = 0.0
  /// Mean extent of the conversion, 0…1; 0 where nothing is converted.
  public var convertedFraction = 0.0
  /// Volume of metal (seeds included) per real substrate area, m.
  public var equivalentThickness = 0.0
  /// Height of the highest ξ = ½ crossing of a column above the substrate's surface, m: mean, maximum, and
  /// standard deviation, bare columns included as zero.
  public var meanHeight = 0.0
  public var maximumHeight = 0.0
  public var roughness = 0.0
  /// Rate of change of the maximum height, m/s.
  public var tipSpeed = 0.0
  /// Smallest salt concentration in the electrolyte, mol/m³.
  public var minimumSalt = 0.0
  /// Fraction of columns without metal. The film is closed below 1 %.
  public var bareFraction = 0.0
  /// Thickness of the interphase: mean over the surface of the metal, and largest, m; 0 where there is none.
  public var interphaseThickness = 0.0
  public var largestInterphaseThickness = 0.0
  /// Connected pieces of metal.
  public var pieces = 0
  /// Metal in pieces without electronic contact per real substrate area, m.
  public var deadMetal = 0.0
  /// Potential φ_k of the piece that is farthest from the collector's, V: a blocked seed's.
  public var piecePotential = 0.0
  /// Defect of metal against charge passed, relative to the larger of metal inventory and charge passed.
  public var chargeError = 0.0
  /// Defect of the salt balance relative to the salt in the electrolyte.
  public var saltError = 0.0
  /// Volume that the charge closure moved in the last step relative to the volume plated in it.
  public var closureDefect = 0.0
  /// Conjugate-gradient iterations of the last step.
  public var potentialIterations = 0
  public var saltIterations = 0
  /// Whether this is a moment of output: one that `output` asks for, the start or end of a stage or of the run.
  package var isOutput = false

  package init() {}

  /// Where a row stands in a run. The end of a stage and the start of the next are of one step.
  public struct Place: Sendable, Comparable {
    public var step: Int
    public var stage: Int

    package init(step: Int, stage: Int = 1) { (self.step, self.stage) = (step, stage) }

    public static func < (a: Place, b: Place) -> Bool { (a.step, a.stage) < (b.step, b.stage) }
  }

  public var place: Place { Place(step: step, stage: stage) }

  /// One column of the history: its header, its meaning, and its value as printed.
  package struct Column: Sendable {
    package let header: String
    package let meaning: String
    package let value: @Sendable (Observables) -> Double
    /// Printed as an integer.
    package let isCount: Bool
  }

  /// The columns of `history.csv`, in order.
  package static let columns: [Column] = [
    Column(header: "step", meaning: "number of the step", value: { Double($0.step) }, isCount: true),
    Column(header: "time_s", meaning: "time", value: { $0.time }, isCount: false),
    Column(
      header: "dt_s", meaning: "time step; 0 at the start of a stage", value: { $0.dt }, isCount: false),
    Column(
      header: "stage", meaning: "stage of the protocol, from 1", value: { Double($0.stage) }, isCount: true),
    Column(
      header: "cycle", meaning: "cycle, from 1; the next begins with the first plating after stripping",
      value: { Double($0.cycle) }, isCount: true),
    Column(header: "voltage_V", meaning: "potential of the collector", value: { $0.voltage }, isCount: false),
    Column(
      header: "current_density_A_per_m2", meaning: "current per projected area, positive while plating",
      value: { $0.currentDensity }, isCount: false),
    Column(
      header: "capacity_mAh_per_cm2",
      meaning: "charge through the collector per projected area, positive for plating",
      value: { $0.capacity / 36_000 }, isCount: false),
    Column(
      header: "metal_charge_mAh_per_cm2", meaning: "of the capacity, what has become metal since the start",
      value: { $0.metalCharge / 36_000 }, isCount: false),
    Column(
      header: "sei_charge_mAh_per_cm2", meaning: "of the capacity, what has become SEI",
      value: { $0.interphaseCharge / 36_000 }, isCount: false),
    Column(
      header: "conversion_charge_mAh_per_cm2", meaning: "of the capacity, what has converted the substrate",
      value: { $0.conversionCharge / 36_000 }, isCount: false),
    Column(
      header: "double_layer_charge_mAh_per_cm2", meaning: "of the capacity, what charges double layers",
      value: { $0.layerCharge / 36_000 }, isCount: false),
    Column(
      header: "converted_fraction", meaning: "mean extent of the substrate's conversion, 0 to 1",
      value: { $0.convertedFraction }, isCount: false),
    Column(
      header: "equivalent_thickness_m", meaning: "metal volume per real substrate area",
      value: { $0.equivalentThickness }, isCount: false),
    Column(
      header: "mean_height_m", meaning: "mean height of the metal surface", value: { $0.meanHeight },
      isCount: false),
    Column(
      header: "max_height_m", meaning: "largest height of the metal surface", value: { $0.maximumHeight },
      isCount: false),
    Column(
      header: "roughness_rms_m", meaning: "standard deviation of the height, bare columns included",
      value: { $0.roughness }, isCount: false),
    Column(
      header: "tip_speed_m_per_s", meaning: "rate of change of the largest height", value: { $0.tipSpeed },
      isCount: false),
    Column(
      header: "min_salt_mol_per_m3",
      meaning: "smallest salt concentration of the electrolyte, that at the surface of the metal included",
      value: { $0.minimumSalt },
      isCount: false),
    Column(
      header: "bare_fraction", meaning: "fraction of the substrate without metal; closed below 0.01",
      value: { $0.bareFraction }, isCount: false),
    Column(
      header: "sei_thickness_m", meaning: "mean thickness of the SEI over the surface of the metal",
      value: { $0.interphaseThickness }, isCount: false),
    Column(
      header: "max_sei_thickness_m", meaning: "largest thickness of the SEI",
      value: { $0.largestInterphaseThickness }, isCount: false),
    Column(
      header: "pieces", meaning: "connected pieces of metal", value: { Double($0.pieces) }, isCount: true),
    Column(
      header: "dead_metal_m", meaning: "metal in pieces without electronic contact per real substrate area",
      value: { $0.deadMetal }, isCount: false),
    Column(
      header: "piece_potential_V", meaning: "potential of the piece that is farthest from the collector's",
      value: { $0.piecePotential }, isCount: false),
    Column(
      header: "charge_error", meaning: "metal against charge, relative", value: { $0.chargeError },
      isCount: false),
    Column(header: "salt_error", meaning: "salt balance, relative", value: { $0.saltError }, isCount: false),
    Column(
      header: "closure_defect", meaning: "volume moved by the charge closure relative to the volume plated",
      value: { $0.closureDefect }, isCount: false),
    Column(
      header: "potential_iterations", meaning: "conjugate-gradient iterations for the potential",
      value: { Double($0.potentialIterations) }, isCount: true),
    Column(
      header: "salt_iterations", meaning: "conjugate-gradient iterations for the salt",
      value: { Double($0.saltIterations) }, isCount: true),
    Column(
      header: "output", meaning: "1 at moments of output, which keep their row in any history; else 0",
      value: { $0.isOutput ? 1 : 0 }, isCount: true),
  ]
}
