import Electrodeposition
import Foundation

/// Tells how a run goes: one line that is overwritten on a terminal, plain lines every few seconds elsewhere.
struct ProgressLine {
  private let quiet: Bool
  /// When this start was, and where the run stood then.
  private let start: (time: ContinuousClock.Instant, progress: Double)
  private var last: ContinuousClock.Instant?
  private let interval: Duration

  /// - Parameter progress: the share of the protocol that was done before this start.
  init(quiet: Bool, progress: Double) {
    self.quiet = quiet
    start = (ContinuousClock.now, progress)
    interval = Terminal.isInteractive ? .milliseconds(200) : .seconds(5)
  }

  mutating func show(_ observables: Observables, progress: Double) {
    let now = ContinuousClock.now
    if quiet { return }
    if let last, now - last < interval { return }
    last = now
    let text = line(observables, progress: progress)
    if Terminal.isInteractive {
      print("\r\u{1B}[2K" + text.prefix(Terminal.columns - 1), terminator: "")
    } else {
      print(text)
    }
    fflush(nil)
  }

  /// Leaves the line, so that other text can follow.
  func end() {
    if Terminal.isInteractive && !quiet && last != nil { print("\r\u{1B}[2K", terminator: "") }
    fflush(nil)
  }

  private func line(_ now: Observables, progress: Double) -> String {
    var parts = [
      String(format: "%3.0f %%", 100 * progress),
      "t " + human(now.time, "s"),
      human(now.equivalentThickness, "m"),
      human(now.voltage, "V"),
      current(now.currentDensity),
      "rough " + human(now.roughness, "m"),
      "dt " + human(now.dt, "s"),
      "it \(now.potentialIterations)+\(now.saltIterations)",
    ]
    // Progress counts steps, and steps of a run cost about the same.
    let done = progress - start.progress
    if done > 0.01 {
      parts.append("left " + duration((1 - progress) / done * seconds(ContinuousClock.now - start.time)))
    }
    return parts.joined(separator: "  ")
  }
}

func seconds(_ duration: Duration) -> Double {
  let parts = duration.components
  return Double(parts.seconds) + 1e-18 * Double(parts.attoseconds)
}
