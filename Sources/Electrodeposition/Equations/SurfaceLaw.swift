/// The salt at the surface of the metal as its rate law knows it.
///
/// From a place before the surface φ goes on with P ln c, as in any layer in which the anion stands still. The c at which
/// the law gives the current of the surface follows, however little it is.
struct SurfaceLaw {
  private let rateLaw: RateLaw
  private let diffusionPotential, capillary, currentPerSpeed: Double

  /// `nil` where salt and potentials are not solved together.
  init?(_ setup: Case) {
    guard setup.solvesTogether else { return nil }
    rateLaw = RateLaw(setup)
    diffusionPotential = setup.steadyDiffusionPotential
    capillary = setup.capillaryConstant
    currentPerSpeed = 1 / setup.volumePerCharge
  }

  /// c at the surface below a cell of the interface, mol/m³; `nil` where none plates.
  func salt(_ level: TimeLevel, _ j: Int) -> Double? {
    let (list, i) = (level.interface, Int(level.interface.cell[j]))
    let current = currentPerSpeed * level.advectionTerm.base[i]
    guard list.piece[j] >= 0, current > 0 else { return nil }
    let driven = level.pieces[Int(list.piece[j])].potential - level.potential.base[i]
    let law = level.law(rateLaw, j)
    return law.salt(
      carrying: current, from: level.salt.base[i],
      at: driven + capillary * list.capillarity[j] + law.filmResistance * current,
      diffusionPotential: diffusionPotential)
  }
}
