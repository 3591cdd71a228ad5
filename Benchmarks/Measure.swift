import Electrodeposition
import Spectral

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Seconds of one call.
func seconds(_ body: () throws -> Void) rethrows -> Double {
  let start = ContinuousClock.now
  try body()
  let passed = (ContinuousClock.now - start).components
  return Double(passed.seconds) + Double(passed.attoseconds) * 1e-18
}

func median(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
}

/// The yardstick: median time of a bare pair of transforms, s.
func barePair(_ size: Int, threads: Int) -> Double {
  let grid = Grid(count: SIMD3(size, 1, size), spacing: SIMD3(1, 1, 1))
  let pair = BareTransformPair(grid, pool: ThreadPool(threads: threads))
  for _ in 0..<5 { pair.run() }
  return median((0..<41).map { _ in seconds { pair.run() } })
}

/// Prints rows as a table and writes them as CSV.
final class Report {
  private let file: UnsafeMutablePointer<FILE>?

  init(path: String) {
    file = fopen(path, "w")
    write("case,size,threads,seconds,pairs,iterations\n")
    print("case              size  threads        ms    pairs  CG potential+salt")
  }

  deinit { if let file { fclose(file) } }

  private func write(_ line: String) {
    guard let file else { return }
    fputs(line, file)
    fflush(file)
  }

  func row(
    _ name: String, _ size: Int, _ threads: Int, seconds: Double, pairs: Double, iterations: String = ""
  ) {
    write("\(name),\(size),\(threads),\(seconds),\(pairs),\(iterations)\n")
    let label = name + String(repeating: " ", count: max(1, 16 - name.utf8.count))
    print(
      label, column("\(size)²", 6), column("\(threads)", 8), column(rounded(seconds * 1e3), 9),
      column(rounded(pairs), 8), " " + iterations)
    fflush(nil)
  }

  private func column(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  private func rounded(_ value: Double) -> String {
    let scaled = (value * 100).rounded() / 100
    return "\(scaled)"
  }
}
