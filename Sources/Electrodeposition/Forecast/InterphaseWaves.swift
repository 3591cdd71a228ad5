import Spectral

extension FlatFront {
  /// Metal in which short waves on the front grow by a factor e because the interphase is stretched, m; `nil` where they do
  /// not.
  ///
  /// Where the surface bulges the layer gets thinner, more current flows, and it bulges more: δL' = −v k² L h − μ δL on a
  /// crest (and what cracks there), half of that in the mean, and h' = −(V_m/F) m (Γ k² h + i δL/κ). What capillarity takes away grows with k² as
  /// well, so that waves of all lengths come to about the same rate i v L/(2κΓ) − μ, μ = (V_s/F) i_s/(L + L_d) being how
  /// fast a thin place grows back.
  package func interphaseFolding(_ setup: Case) -> Double? {
    guard let layer = setup.kinetics.interphase, current != 0 else { return nil }
    let alpha = layer.growthTransferCoefficient.value * setup.inverseThermalVoltage
    let driven = voltage - surfacePotential - layer.growthPotential.value
    let bare = layer.growthCurrentDensity.value * exp(-alpha * driven)
    let perCharge = layer.molarVolume.value / Constants.faraday
    let mended = layer.decayThickness.map { decay in
      perCharge * bare * decay / ((layer.thickness + decay) * (layer.thickness + decay))
    }
    let cracked = layer.cracking.map {
      max(0, 1 - $0.thickness / max(layer.thickness, 1e-12)) / log(1 + $0.strain.value)
    }
    let torn =
      (1 + (cracked ?? 0)) * current * speed * layer.thickness
      / (2 * layer.conductivity.value * setup.capillaryConstant)
    let rate = torn - (mended ?? 0)
    return rate > 0 ? abs(speed) / rate : nil
  }
}

extension Case {
  /// The case with the interphase of its start, which neither grows nor is stretched.
  package var withFixedInterphase: Case {
    var setup = self
    setup.kinetics.filmResistance.value = kinetics.firstFilmResistance
    setup.kinetics.interphase = nil
    return setup
  }
}
