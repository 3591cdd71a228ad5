import Spectral

/// ∇·(ε D f c∇φ), which brings a cation that moves alone, of the extrapolated c and φ.
final class CationMigration {
  private let domain: Domain
  private let matrix: DiffusionOperator
  /// D f, m²/(V s).
  private let mobility: Double
  /// c0, mol/m³.
  private let concentration: Double

  /// `nil` for a binary salt.
  init?(_ setup: Case, _ domain: Domain) {
    guard setup.migrationRatio != nil else { return nil }
    self.domain = domain
    matrix = DiffusionOperator(domain.grid, pool: domain.pool)
    mobility = setup.electrolyte.saltDiffusivity.value * setup.inverseThermalVoltage
    concentration = setup.electrolyte.concentration.value
  }

  /// Adds it, with the part of the flux through the top that differs from its mean.
  func add(of trial: TimeLevel, to rightHandSide: Field) {
    matrix.setCoefficient(trial.electrolyteFraction, times: trial.salt, scaledBy: mobility)
    matrix.addDivergence(of: trial.potential, scaledBy: 1, to: rightHandSide)
    let mean = throughTop(domain.meanOfTop(trial.potential))
    domain.forTop(of: trial) { i in
      rightHandSide.base[i] += (throughTop(trial.potential.base[i]) - mean) / domain.grid.spacing.z
    }
  }

  /// Salt that migrates into the box through the top face, where c = c0 and φ = 0, mol/(m² s).
  func throughTop(_ potential: Double) -> Double {
    -mobility * concentration * potential * 2 / domain.grid.spacing.z
  }
}
