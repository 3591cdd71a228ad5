import CaseFiles
import Electrodeposition
import Foundation

/// Tells how a run goes: one line that is overwritten on a terminal, plain lines every few seconds elsewhere.
struct ProgressLine {
  private let setup: Case
  private let quiet: Bool
  /// When this start was, and where the run stood then.
  private let start: (time: ContinuousClock.Instant, progress: Double)
  private var last: ContinuousClock.Instant?
  private let interval: Duration

  /// - Parameter progress: the share of the protocol that was done before this start.
  init(_ setup: Case, quiet: Bool, progress: Double) {
    self.setup = setup
    self.quiet = quiet
    start = (ContinuousClock.now, progress)
    interval = Terminal.isInteractive ? .milliseconds(200) : .seconds(5)
  }

  mutating func show(_ observables: Observables, progress: Double) {
    let now = ContinuousClock.now
    if quiet { return }
    if let last, now - last < interval { return }
    last = now
    if Terminal.isInteractive {
      // A line that fills the last column would break.
      let text = line(observables, progress: progress, columns: Terminal.columns - 1)
      print("\r\u{1B}[2K" + text, terminator: "")
    } else {
      print(line(observables, progress: progress, columns: .max))
    }
    fflush(nil)
  }

  /// Leaves the line, so that other text can follow.
  func end() {
    if Terminal.isInteractive && !quiet && last != nil { print("\r\u{1B}[2K", terminator: "") }
    fflush(nil)
  }

  /// What there is to tell, the most important first: where there are too few columns the last parts go.
  func line(_ now: Observables, progress: Double, columns: Int) -> String {
    var parts = [String(format: "%3.0f %%", 100 * progress)]
    if let stage = setup.position(ofStage: now.stage) { parts.append(stage) }
    // Progress counts steps, and steps of a run cost about the same.
    let done = progress - start.progress
    if done > 0.01 {
      parts.append("left " + duration((1 - progress) / done * seconds(ContinuousClock.now - start.time)))
    }
    parts += [
      "t " + human(now.time, "s"),
      human(now.equivalentThickness, "m"),
      human(now.voltage, "V"),
      current(now.currentDensity),
      "rough " + human(now.roughness, "m"),
      "dt " + human(now.dt, "s"),
      "it \(now.potentialIterations)+\(now.saltIterations)",
    ]
    while parts.count > 1, parts.joined(separator: "  ").count > columns { parts.removeLast() }
    return String(parts.joined(separator: "  ").prefix(columns))
  }
}

func seconds(_ duration: Duration) -> Double {
  let parts = duration.components
  return Double(parts.seconds) + 1e-18 * Double(parts.attoseconds)
}
