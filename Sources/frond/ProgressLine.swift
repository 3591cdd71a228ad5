import Electrodeposition
import Foundation

/// Tells how a run goes: one line that is overwritten on a terminal, plain lines every few seconds elsewhere.
struct ProgressLine {
  private let quiet: Bool
  private let start = ContinuousClock.now
  private let startProgress: Double
  private var last: ContinuousClock.Instant?
  private let interval: Duration

  /// - Parameter progress: the share of the protocol that was done before this start.
  init(quiet: Bool, progress: Double) {
    self.quiet = quiet
    startProgress = progress
    interval = Terminal.isInteractive ? .milliseconds(200) : .seconds(5)
  }

  mutating func show(_ observables: Observables, progress: Double) {
    let now = ContinuousClock.now
    if quiet { return }
    if let last, now - last < interval { return }
    last = now
    let text = line(observables, progress: progress, elapsed: seconds(now - start))
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

  private func line(_ now: Observables, progress: Double, elapsed: Double) -> String {
    var parts = [
      String(format: "%3.0f %%", 100 * progress),
      "t " + human(now.time, "s"),
      human(now.equivalentThickness, "m"),
      human(now.voltage, "V"),
      "\(short(now.currentDensity / 10)) mA/cm²",
      "rough " + human(now.roughness, "m"),
      "dt " + human(now.dt, "s"),
      "it \(now.potentialIterations)+\(now.saltIterations)",
    ]
    let done = progress - startProgress
    // While contacts hold seeds back next to nothing is plated, and a forecast would say hours.
    if done > 0.05, elapsed > 1 { parts.append("left " + duration(elapsed * (1 - progress) / done)) }
    return parts.joined(separator: "  ")
  }
}

func seconds(_ duration: Duration) -> Double {
  let parts = duration.components
  return Double(parts.seconds) + 1e-18 * Double(parts.attoseconds)
}
