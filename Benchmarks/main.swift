import Electrodeposition
import Spectral

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

// What depends on the machine: seconds, and their ratio to a bare pair of FFTW transforms (r2c + c2r, out of
// place, MEASURE, same size and threads) of the same run. Arguments: the sizes, 256 512 1024 unless given.

let sizes = CommandLine.arguments.dropFirst().compactMap(Int.init)
let report = Report(path: "benchmarks.csv")
for size in sizes.isEmpty ? [256, 512, 1024] : sizes {
  for threads in [1, 2] {
    let pair = barePair(size, threads: threads)
    report.row("bare pair", size, threads, seconds: pair, pairs: 1, iterations: "")
    for workload in Workload.all {
      do {
        let result = try workload.warmStep(size, threads: threads)
        report.row(
          workload.name, size, threads, seconds: result.seconds, pairs: result.seconds / pair,
          iterations: result.iterations)
      } catch {
        print("\(workload.name) \(size)²: \(error)")
        exit(1)
      }
    }
  }
}
print("written to benchmarks.csv")
