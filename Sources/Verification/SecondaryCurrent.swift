import Electrodeposition
import Spectral

extension Problem {
  static let secondaryCurrent: [Problem] = [
    Problem(
      number: "13", name: "secondary current distribution",
      source: "Laplace's equation above a slightly wavy electrode with linear kinetics, to first order",
      compares: "mean and wave of the current at Wa = 0.3 and 3, from the field and from the kinetics",
      expectedOrder: nil, tolerance: 1e-2, meaning: "largest relative error",
      run: SecondaryCurrent.compare)
  ]
}

/// Metal below h0 + δ cos kx in salt that is uniform, at so small a voltage that i = B (φ − V), B = f i0, without
/// surface energy. φ is harmonic, σ ∂φ/∂n = i on the metal, φ = 0 at the distance L:
///
///     i = i_b [1 + δ cos kx q/(1 + Wa)],  i_b = −B V/(1 + B L/σ),  q = k coth kL,  Wa = σ q/B
///
/// Wa ≪ 1 is the primary distribution, δ k of the mean; Wa ≫ 1 is uniform.
enum SecondaryCurrent {
  private static let voltage = -5e-3
  private static let wavelength = 2e-6
  /// Distance between electrode and far end.
  private static let thickness = 8e-6
  /// k δ: the next order of the wave is its square, the solver's own ripple from row to row is 10⁻⁴ of the mean.
  private static let steepness = 0.05

  private static var waveNumber: Double { 2 * .pi / wavelength }
  private static var decay: Double { waveNumber / tanh(waveNumber * thickness) }
  private static var height: Double { wavelength / 4 }
  private static var amplitude: Double { steepness / waveNumber }

  /// The error is of order (B ℓ/σ)²: the reaction is spread over the width of the interface.
  static func compare(_ effort: Effort) throws -> Outcome {
    var results: [(String, Double)] = []
    var notes: [String] = []
    for cells in effort == .full ? [128.0, 256, 512, 1024] : [128.0, 256, 512] {
      var worst = 0.0
      notes = []
      for wagner in [0.3, 3] {
        let found = try measure(wagner, cells)
        worst = max(worst, found.map { abs($0 - 1) }.max() ?? .infinity)
        notes.append("Wa = \(wagner): mean, field, kinetics \(found.map { "\($0)" }.joined(separator: ", "))")
      }
      results.append(("\(Int(cells)) cells a wavelength", worst))
    }
    return Outcome(resolutions: results, note: notes.joined(separator: "; ") + " of the expected ones")
  }

  /// Mean of the current, its wave as the field carries it and as the kinetics takes it, over the expected ones.
  private static func measure(_ wagner: Double, _ cells: Double) throws -> [Double] {
    var cell = PlainCell()
    cell.cell = wavelength / cells
    (cell.width, cell.height) = (cells, cells)
    cell.seeds = Seeds(film: height)
    cell.thickness = thickness + height
    cell.doubleLayer = 0
    cell.numerics.potentialTolerance = 1e-10
    cell.stages = [Stage(.potential(voltage), until: Limits(time: 1))]
    let electrolyte = cell.setup.electrolyte
    let (sigma, salt) = (electrolyte.conductivity.value, electrolyte.concentration.value)
    let f = Constants.faraday / (Constants.gas * cell.setup.temperature.value)
    let (k, q) = (waveNumber, decay)
    let b = sigma * q / wagner
    cell.exchange = b / f
    var setup = cell.setup
    setup.surfaceEnergy.value = 0
    let simulation = try Simulation(setup, threads: 1)
    try simulation.begin(
      metal: { ($0.z - height - amplitude * cos(k * $0.x)) / hypot(1, amplitude * k * sin(k * $0.x)) },
      salt: { _ in salt })

    let mean = -b * voltage / (1 + b * thickness / sigma)
    let wave = mean * amplitude * q / (1 + wagner)
    // φ cos kx dies away as sinh k(L − z); σ q times its value at the electrode is the wave of the current.
    let row = Int((height + 10 * simulation.interfaceWidth) / simulation.grid.spacing.z)
    let above = simulation.grid.height(row) - height
    let field = fundamental(simulation) { potential, _ in potential[row] }
    let fromField = -sigma * q * field * sinh(k * thickness) / sinh(k * (thickness - above))
    let fromKinetics = b * fundamental(simulation, atFront)
    return [simulation.faradaicCurrent / (wavelength * mean), fromField / wave, fromKinetics / wave]
  }

  /// Amplitude of cos kx in what a function makes of each column's φ and ξ.
  private static func fundamental(
    _ simulation: Simulation, _ value: (_ potential: [Double], _ profile: [Double]) -> Double
  ) -> Double {
    let n = simulation.grid.count
    let (potential, profile) = (simulation.snapshot()["potential"] ?? [], simulation.metalProfile)
    let sum = (0..<n.x).reduce(0.0) { sum, x in
      let column = x * n.z..<(x + 1) * n.z
      let here = value(Array(potential[column]), Array(profile[column]))
      return sum + here * cos(waveNumber * (Double(x) + 0.5) * simulation.grid.spacing.x)
    }
    return 2 * sum / Double(n.x)
  }

  /// φ where ξ = ½: ln(ξ/(1−ξ)) is a straight line across the interface.
  private static func atFront(_ potential: [Double], _ profile: [Double]) -> Double {
    guard let top = profile.lastIndex(where: { $0 >= 0.5 }), top + 1 < profile.endIndex else { return .nan }
    let (low, high) = (log(profile[top] / (1 - profile[top])), log(profile[top + 1] / (1 - profile[top + 1])))
    return potential[top] + low / (low - high) * (potential[top + 1] - potential[top])
  }
}
