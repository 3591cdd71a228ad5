/// The whole state of a run as named arrays, bit for bit.
public struct StateArchive: Sendable, Equatable {
  package var doubles: [String: [Double]] = [:]
  package var integers: [String: [Int64]] = [:]
  package init() {}

  /// The stage under way; the last one when the protocol was complete.
  package var stage: Int { Int(integers["state.stage"]?.first ?? 0) }
}
