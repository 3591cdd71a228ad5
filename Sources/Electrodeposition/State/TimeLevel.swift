import Spectral

/// All fields and pieces at one moment of time.
final class TimeLevel {
  // MARK: Unknowns

  /// ξ
  let metal: Field
  /// c, mol/m³
  let salt: Field
  /// c in the far field, mol/m³, from the box upwards.
  var farSalt: [Double] = []
  /// φ, V
  let potential: Field
  /// With their potentials φ_k.
  var pieces: [Piece] = []
  /// The interphase on the metal; `nil` where there is none.
  var interphase: InterphaseLevel?
  /// Extent χ of the substrate's conversion in each column, 0…1; empty where nothing is converted.
  var extent: [Double] = []
  /// Potential of the collector, and φ at the counter electrode's surface, V.
  var voltage = 0.0
  var counterPotential = 0.0

  // MARK: What follows from them

  /// Thickness of the far field, m (`FarField.thickness(grown:)`).
  var farThickness = 0.0
  /// ε = 1−ξ in the cells that take part in transport, 0 in all others.
  let electrolyteFraction: Field
  /// d = ℓ ln((1−ξ)/ξ), the signed distance to the surface, m: negative inside.
  let distance: Field
  /// What makes d a distance again, ∂ξ/∂t without b, 1/m². (Of a variational moment without ∇²ξ.)
  let profileTerm: Field
  let interface: Interface
  /// Identity of the piece whose core a cell belongs to, 0 for none.
  let core: UnsafeMutablePointer<Int32>
  /// a i, A/m³
  let reaction: Field
  /// Current of the conversion in the lowest cell of each column, A/m³; empty where nothing is converted.
  var conversion: [Double] = []
  /// v, m/s; 0 away from the surface. (Of a variational moment v w·5ξ(1−ξ), 1/s.)
  let advectionTerm: Field
  /// Current that makes metal, that makes interphase, that converts the substrate, that charges double layers, and their
  /// sum: that through the collector, A.
  var faradaicCurrent = 0.0
  var interphaseCurrent = 0.0
  var conversionCurrent = 0.0
  var layerCurrent = 0.0
  var collectorCurrent = 0.0

  // MARK: What the next step is sized and stabilised by

  /// Largest |v| on the interface with its tails, and where the front is, m/s.
  var largestSpeed = 0.0
  var frontSpeed = 0.0
  /// Speed at which the surface really moved in the step to this moment, m/s; at rest in a balance of v and profile terms
  /// it is far below `frontSpeed`.
  var motionSpeed = 0.0
  /// Largest −∂i/∂e on the interface, A/(m² V).
  var largestSlope = 0.0
  /// Time in which salt and potential follow each other, s (`StepSize.exchange`).
  var exchangeTime = 0.0
  /// How far from its equilibrium the reaction is, 10⁻²…1: what the tolerances of φ and c are scaled with.
  var distanceFromEquilibrium = 1.0
  /// b of the step that starts here, and what is implicit of everything that levels the surface, m²/s.
  var mobility = 0.0
  var levelling = 0.0

  init(_ grid: Grid) {
    metal = Field(grid)
    salt = Field(grid)
    potential = Field(grid)
    electrolyteFraction = Field(grid)
    distance = Field(grid)
    advectionTerm = Field(grid)
    profileTerm = Field(grid)
    reaction = Field(grid)
    core = .allocate(capacity: grid.cells)
    core.initialize(repeating: 0, count: grid.cells)
    interface = Interface(planes: grid.count.x)
  }

  deinit { core.deallocate() }

  /// Current that takes cations from the electrolyte, A.
  var reactingCurrent: Double { faradaicCurrent + interphaseCurrent + conversionCurrent }

  /// φ_k of a piece by its identity, V; `nil` if there is no such piece.
  func potential(of identity: Int32) -> Double? { pieces.first { $0.identity == identity }?.potential }
}
