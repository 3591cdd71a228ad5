/// The whole state of a run as named arrays, bit for bit.
public struct StateArchive: Sendable, Equatable {
  public var doubles: [String: [Double]] = [:]
  public var integers: [String: [Int64]] = [:]
  public init() {}

  /// The stage under way; the last one when the protocol was complete.
  public var stage: Int { Int(integers["state.stage"]?.first ?? 0) }
}
