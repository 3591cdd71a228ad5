/// Seconds of one call.
func seconds(_ body: () throws -> Void) rethrows -> Double {
  let start = ContinuousClock.now
  try body()
  return seconds(since: start)
}

func seconds(since start: ContinuousClock.Instant) -> Double {
  let passed = (ContinuousClock.now - start).components
  return Double(passed.seconds) + Double(passed.attoseconds) * 1e-18
}

func median(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
}

/// Median seconds of a call, from as many as fit into a third of a second.
func time(_ body: () -> Void) -> Double {
  for _ in 0..<2 { body() }
  let one = seconds(body)
  return median((0..<max(5, min(401, Int(0.3 / max(one, 1e-7))))).map { _ in seconds(body) })
}
