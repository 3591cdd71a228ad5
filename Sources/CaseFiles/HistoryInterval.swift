/// Which steps have a row in the history: every n-th, and fewer the longer the run.
///
/// Moments of output and ends of stages have a row in any case. All of it follows from the number of the step alone, so that
/// a resumed run has the rows of one that was not stopped.
package struct HistoryInterval: Sendable {
  /// The rows between moments of output that a history never exceeds: when there are so many the interval doubles, and
  /// every second of them goes.
  package static let mostRows = 20_000

  private let first, rows: Int

  /// - Parameter first: the interval of a short history, in steps.
  package init(first: Int, rows: Int = mostRows) { (self.first, self.rows) = (max(1, first), rows) }

  /// The interval of a history that has come to a step.
  package func interval(at step: Int) -> Int {
    var interval = first
    while step / interval >= rows { interval *= 2 }
    return interval
  }

  package func holds(_ step: Int) -> Bool { step % interval(at: step) == 0 }

  /// Whether the history is thinned at a step.
  package func doubles(at step: Int) -> Bool { step > 0 && interval(at: step) > interval(at: step - 1) }
}
