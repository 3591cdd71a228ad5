import Electrodeposition
import Foundation

/// A cell of an alkali metal against a cathode, per area of the electrodes: its mass, its energy, and how long its metal
/// lasts. Sums of masses and charges, without the solver.
///
/// The defaults are the sodium cell of Wang et al. 2021 with little electrolyte.
package struct FullCell: Sendable, Equatable {
  /// Charge Q that a cycle moves, C/m².
  package var capacity = Sourced(252_000, "C/m^2", .measured, "7 mAh/cm^2, Wang et al. 2021")
  /// Charge per mass of the cathode's material, C/kg.
  package var cathode = Sourced(
    462_240, "C/kg", .computed, "1.49 mAh/cm^2 on 11.6 mg/cm^2 of NVPF, Wang et al. 2021")
  /// Mean voltage V̄ of the cell without current, V.
  package var voltage = Sourced(
    3.95, "V", .computed, "507 Wh/kg of NVPF (Wang et al. 2021) over its charge; range 3.7-3.95")
  /// Mean overpotential η of charge and of discharge, V.
  package var overpotential = Sourced(
    0.08, "V", .estimated, "fitted to the energy efficiency of 95.8 % of Wang et al. 2021")
  /// Charge per mass of the metal, C/kg.
  package var metal = Sourced(
    Constants.faraday / 0.022990, "C/kg", .computed, "F over 22.990 g/mol (IUPAC), sodium")
  /// N/P: charge of all metal in the charged cell over Q, at least 1.
  package var metalRatio = Sourced(3, "1", .measured, "Wang et al. 2021")
  /// Mass of electrolyte per Q, kg/C.
  package var electrolyte = Sourced(
    3e-6 / 3.6, "kg/C", .measured, "lean electrolyte of Wang et al. 2021; flooded some 5 mg/mAh (estimated)")
  /// Mass of the separator, kg/m².
  package var separator = Sourced(
    0.01, "kg/m^2", .estimated, "25 um of polyolefin, range 0.8-1.5 mg/cm^2; glass fibre some 5 mg/cm^2")
  /// Mass of both current collectors, kg/m².
  package var collectors = Sourced(
    0.248, "kg/m^2", .estimated,
    "fitted to the 201 and 232 Wh/kg of Wang et al. 2021, who do not state it; cloth and foil, range 17-26 mg/cm^2"
  )
  /// Share of the plated metal that stripping brings back, at most 1.
  package var coulombicEfficiency = Sourced(
    0.9974, "1", .measured, "half cell of NiSb-coated cloth at 3.5 mAh/cm^2, Wang et al. 2021")
  /// Cycles after which the retention is asked for.
  package var cycles = Sourced(1000, "1", .chosen, "")

  package init() {}

  /// What the cell weighs, kg/m², part by part.
  package var masses: [(part: String, mass: Double)] {
    [
      ("cathode", capacity.value / cathode.value),
      ("metal", metalRatio.value * capacity.value / metal.value),
      ("electrolyte", electrolyte.value * capacity.value),
      ("separator", separator.value),
      ("collectors", collectors.value),
    ]
  }

  /// Mass of the cell, kg/m².
  package var mass: Double { masses.reduce(0) { $0 + $1.mass } }

  /// Q V̄ over the mass, J/kg.
  package var specificEnergy: Double { capacity.value * voltage.value / mass }

  /// Energy that a discharge gives over that of the charge before.
  package var energyEfficiency: Double {
    coulombicEfficiency.value * (voltage.value - overpotential.value)
      / (voltage.value + overpotential.value)
  }

  /// Cycles until the metal beyond Q is used up; infinite if none is lost.
  package var cyclesOnExcess: Double {
    let (excess, loss) = (metalRatio.value - 1, 1 - coulombicEfficiency.value)
    return loss > 0 ? excess / loss : .infinity
  }

  /// Share of Q that is left after `cycles` if nothing but metal is lost: all of it while there is excess, then the
  /// Coulombic efficiency less with each cycle.
  package var retention: Double {
    pow(coulombicEfficiency.value, max(0, cycles.value - cyclesOnExcess))
  }
}
