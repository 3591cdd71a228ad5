import Spectral

/// The salt at the surface of the metal as its rate law knows it.
///
/// From a place before the surface φ goes on with P ln c, as in any layer in which the anion stands still. The c at which
/// i0 [(c/c0) e^{−α_c f e} − e^{α_a f e}] is the current of the surface follows, however little it is.
struct SurfaceLaw {
  private let rateLaw: RateLaw
  private let diffusionPotential, capillary, currentPerSpeed, concentration: Double
  private let isVariational: Bool

  init(_ setup: Case) {
    rateLaw = RateLaw(setup)
    diffusionPotential = setup.steadyDiffusionPotential
    capillary = setup.capillaryConstant
    currentPerSpeed = 1 / setup.volumePerCharge
    concentration = setup.electrolyte.concentration.value
    isVariational = setup.isVariational || setup.electrolyte.transport == .cation
  }

  /// c at the surface below a cell of the interface, mol/m³; `nil` where none plates.
  func salt(_ level: TimeLevel, _ j: Int) -> Double? {
    let (list, i) = (level.interface, Int(level.interface.cell[j]))
    let current = currentPerSpeed * level.advectionTerm.base[i]
    guard !isVariational, list.piece[j] >= 0, current > 0 else { return nil }
    let c = level.salt.base[i]
    let here = level.pieces[Int(list.piece[j])].potential - level.potential.base[i]
    let e = here + capillary * list.capillarity[j] + rateLaw.filmResistance * current
    /// e at the surface when c is a share e^y of that here.
    func activation(_ y: Double) -> Double { e - diffusionPotential * y }
    let (f, alpha) = (rateLaw.f, rateLaw.cathodic)
    // Without the anodic part y is linear in what remains; with it a few rounds.
    var y = 0.0
    for _ in 0..<5 {
      let anodic = rateLaw.exchange * exp(min(rateLaw.anodic * f * activation(y), 50))
      let wanted = log((current + anodic) * concentration / (rateLaw.exchange * c)) + alpha * f * e
      y = wanted / (1 + alpha * f * diffusionPotential)
    }
    return c * exp(y)
  }
}
