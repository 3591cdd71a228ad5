/// Physical constants, exact in the SI of 2019 (CODATA 2018).
package enum Constants {
  /// Faraday constant, C/mol.
  package static let faraday = 96485.33212
  /// Molar gas constant, J/(mol K).
  package static let gas = 8.314462618
  /// Boltzmann constant, J/K.
  package static let boltzmann = 1.380649e-23
  /// Elementary charge, C.
  package static let elementaryCharge = 1.602176634e-19
  /// Richardson constant of free electrons, A/(m² K²).
  package static let richardson = 1.20173e6
}
