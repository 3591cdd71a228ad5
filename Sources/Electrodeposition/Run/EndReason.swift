/// Why a run came to its end. Its name is for programs, its description for people.
public enum EndReason: String, Codable, Sendable, CaseIterable, CustomStringConvertible {
  case protocolComplete, topReached, noMetal, depleted, voltageLimit, noProgress

  /// True when the protocol was not carried through.
  public var isEarly: Bool { self != .protocolComplete }

  public var description: String {
    switch self {
    case .protocolComplete: "the protocol is complete"
    case .topReached: "the metal reached the top of the box"
    case .noMetal: "no metal is left"
    case .depleted: "the salt at the electrode is used up"
    case .voltageLimit: "the voltage passed \(Int(EndReason.largestVoltage)) V: nothing carries the current"
    case .noProgress: "the run does not get on: its stage would take more than ten million steps"
    }
  }

  /// No electrolyte lives beyond, V; blocked contacts would charge the collector to kilovolts.
  static let largestVoltage = 10.0
}

/// Where and when a run used up its salt.
public struct Depletion: Sendable {
  /// Where the least is left, m from the corner of the substrate; `nil`: at the counter electrode.
  public let place: SIMD3<Double>?
  /// s
  public let time: Double
  /// Current density, and the largest steady one, A/m².
  public let current, limitingCurrent: Double
}
