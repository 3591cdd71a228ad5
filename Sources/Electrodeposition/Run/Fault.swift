/// A deliberate error of ten percent in the solver, with which tests show that the verification problems see it.
package enum Fault: String, CaseIterable, Sendable {
  case speed = "v"
  case curvature = "K"
  case contactAngle = "theta"
  case transferenceNumber = "t+"
  case saltDiffusivity = "D"
  case conductivity = "sigma"
  case contactCurrent = "J"
  case molarVolume = "V_m"
  case conversionCharge = "q"
  case interphaseVolume = "V_s"

  /// The error that solvers make which are set up within `$current.withValue`.
  @TaskLocal package static var current: Fault?

  static let factor = 1.1

  /// The case as a solver with the error understands it. The errors of v and K sit where those are computed.
  func withFault(_ setup: Case) -> Case {
    var setup = setup
    switch self {
    case .speed, .curvature: break
    case .contactAngle:
      setup.substrate?.matrix.contactAngle.value *= Self.factor
      setup.substrate?.islands?.surface.contactAngle.value *= Self.factor
    case .transferenceNumber: setup.electrolyte.transferenceNumber.value *= Self.factor
    case .saltDiffusivity: setup.electrolyte.saltDiffusivity.value *= Self.factor
    case .conductivity: setup.electrolyte.conductivity.value *= Self.factor
    case .contactCurrent:
      if let substrate = setup.substrate {
        setup.substrate?.matrix.contact = Self.withFault(substrate.matrix.contact)
        if let islands = substrate.islands {
          setup.substrate?.islands?.surface.contact = Self.withFault(islands.surface.contact)
        }
      }
    case .conversionCharge: setup.substrate?.conversion?.electrons.value *= Self.factor
    case .interphaseVolume: setup.kinetics.interphase?.molarVolume.value *= Self.factor
    case .molarVolume: setup.metal.molarVolume.value *= Self.factor
    }
    return setup
  }

  /// J larger by the factor: every resistance smaller, every saturation current larger.
  private static func withFault(_ contact: Contact) -> Contact {
    switch contact {
    case .insulating: return contact
    case .ohmic(var resistance):
      resistance.value /= factor
      return .ohmic(resistance: resistance)
    case .schottky(var schottky):
      schottky.richardson.value *= factor
      schottky.leakResistance.value /= factor
      schottky.bulkResistance.value /= factor
      return .schottky(schottky)
    }
  }
}
