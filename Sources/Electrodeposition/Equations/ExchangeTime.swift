extension Electrolyte {
  /// Longest step in which salt and potential, solved one after the other, follow each other, s.
  ///
  /// - Parameters: the largest A, A m/mol, and the largest A a/ε, A/mol.
  func exchangeTime(steepest: Double, fastest: Double) -> Double {
    let d = saltDiffusivity.value
    let length = Constants.faraday * d / (saltShare * max(steepest, 1e-30))
    let exchange = 0.5 * length * length / d
    guard transport == .cation else { return exchange }
    return max(exchange, 0.25 * Constants.faraday / max(fastest, 1e-300))
  }
}

extension Case {
  /// The same of a flat front from A where it is largest and in the middle of the interface.
  func exchangeTime(steepest: Double, middle: Double) -> Double {
    // a/ε = 5ξ²(1−ξ)/ℓ of a variational profile is largest at ξ = 2/3; without that factor it comes to 0.9/ℓ.
    let densest = 20 / 27 / discretisation.interfaceWidth
    return electrolyte.exchangeTime(steepest: steepest, fastest: middle * densest)
  }
}
