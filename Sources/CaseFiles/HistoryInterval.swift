/// Which steps have a row in the history: every n-th, and fewer the longer the run.
///
/// It follows from the number of the step alone, so that a resumed run has the rows of one that was not stopped.
public struct HistoryInterval: Sendable {
  /// Rows up to which the interval is the one asked for. From then on it doubles whenever the run has become twice as
  /// long: ten million steps leave 110 000 rows.
  static let rows = 20_000

  private let first: Int

  /// - Parameter first: the interval of a short history, in steps.
  public init(first: Int) { self.first = max(1, first) }

  public func holds(_ step: Int) -> Bool {
    var interval = first
    while step / interval >= Self.rows { interval *= 2 }
    return step % interval == 0
  }
}
