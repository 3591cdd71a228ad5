import Electrodeposition
import Spectral

/// Numbers that follow from a case before it is run: what limits it, what must be resolved, what it costs.
///
/// Everything but the nucleus and the steps refers to a closed flat film under the case's first driven stage. They are
/// orientation, not results.
package struct Estimates: Sendable {
  /// The first stage that is not a rest; `nil` if there is none.
  package let control: Control?
  /// Its steady flat front; `nil` if there is none (a current above the limiting one).
  package let front: FlatFront?
  /// Current of that stage on a flat film, A/m²: given, or that of the steady front.
  package let current: Double?
  /// Largest steady current, A/m².
  package let limitingCurrent: Double
  /// Sand's time at that current in a binary salt, s.
  package let sandTime: Double?
  /// Wa = σ0/(B w), w the width of the box: above 1 kinetics, below 1 the electrolyte spreads the current.
  package let wagnerNumber: Double?
  /// What drives a first nucleus, V: the held potential, or the overpotential of the flat front.
  package let nucleationOverpotential: Double?
  /// Smallest metal that grows there, m: a sphere, in two dimensions a cylinder. `nil` with variational capillarity.
  package let criticalRadius: Double?
  /// Capillary length γ V_m/(R_g T), m. `nil` with variational capillarity.
  package let capillaryLength: Double?
  /// vℓ/(3b), on which depends how slow a variational front is (problem 6b); `nil` where b is numerical.
  package let variationalRatio: Double?
  /// Speed V_m i/F of the flat front, m/s.
  package let growthSpeed: Double?
  /// Metal in which waves of all lengths grow e-fold as the interphase is stretched, m; `nil` where they do not.
  package let interphaseFolding: Double?
  /// Thickness of metal per charge, m per C/m².
  package let thicknessPerCharge: Double
  /// The literature's interface thickness 4ℓ, m and in cells.
  package let interfaceThickness: Double
  package let cellsPerInterface: Double
  /// What the protocol makes of a flat film.
  package let flat: FlatProtocol
  /// Steps of the run, about: within a factor of 2 for the shipped cases.
  package let steps: Double
  /// Cells of the box.
  package let cells: Double
  /// Wall time per cell and step on one core, s.
  package let secondsPerCellStep: Double

  /// Expected memory, bytes.
  package var memory: Double { cells * MeasuredCosts.bytesPerCell }

  /// Wall time of the run on one core, s, as near as the steps.
  package var wallTime: Double { steps * cells * secondsPerCellStep }

  /// λ/cell and the like: how many cells a length spans.
  package func cells(across length: Double) -> Double {
    length / interfaceThickness * cellsPerInterface
  }

  package init(of setup: Case) {
    // A potential above zero holds a collector on which there is no metal yet.
    let waits = setup.seeds.nucleationOverpotential != nil
    let driven = setup.stages.first { $0.control != .rest && (!waits || $0.control.plates) }?.control
    let steady = driven.flatMap { setup.flatFront(under: $0) }
    control = driven
    front = steady
    if case .current(let given) = driven { current = given } else { current = steady?.current }
    limitingCurrent = setup.limitingCurrent
    sandTime = current.flatMap { $0 > 0 && setup.migrationRatio == nil ? setup.sandTime(current: $0) : nil }
    wagnerNumber = steady.map { setup.wagnerNumber(of: $0) }
    if case .potential(let held) = driven {
      nucleationOverpotential = held
    } else {
      nucleationOverpotential = steady?.surfaceOverpotential
    }
    criticalRadius = nucleationOverpotential.flatMap {
      $0 < 0 && setup.capillaryShift != nil ? setup.criticalRadius(overpotential: $0) : nil
    }
    capillaryLength = setup.capillaryShift.map { $0 * setup.inverseThermalVoltage }
    interphaseFolding = steady?.interphaseFolding(setup)
    thicknessPerCharge = setup.volumePerCharge
    cellsPerInterface = 4 * setup.numerics.interfaceWidth
    interfaceThickness = 4 * setup.discretisation.interfaceWidth
    flat = FlatProtocol(setup)
    let width = setup.discretisation.interfaceWidth
    let b = setup.variationalMobility
    let speed = current.map { $0 * setup.volumePerCharge }
    growthSpeed = speed
    variationalRatio = b.flatMap { b in speed.map { abs($0) * width / (3 * b) } }
    steps = ExpectedSteps(setup, flat).total
    cells = Double(setup.discretisation.cells)
    secondsPerCellStep = MeasuredCosts.secondsPerCellStep(setup, wagnerNumber: wagnerNumber)
  }
}

extension Case {
  /// Radius of metal that neither grows nor shrinks at overpotential η (V): 2Γ/|η|, Γ/|η| in two dimensions.
  package func criticalRadius(overpotential: Double) -> Double {
    (box.depth == nil ? 1 : 2) * capillaryConstant / abs(overpotential)
  }

  /// Barrier of heterogeneous nucleation in three dimensions, in units of k_B T.
  ///
  /// ΔG* = 16π γ³ V_m² S_θ/(3 (F η)²), S_θ = (2 + cos θ)(1 − cos θ)²/4; θ the contact angle, rad.
  package func nucleationBarrier(overpotential: Double, contactAngle: Double) -> Double {
    let gamma = surfaceEnergy.value
    let drive = overpotential / volumePerCharge
    let cosine = cos(contactAngle)
    let shape = (2 + cosine) * (1 - cosine) * (1 - cosine) / 4
    let barrier = 16 * .pi * gamma * gamma * gamma * shape / (3 * drive * drive)
    return barrier / (Constants.boltzmann * temperature.value)
  }
}
