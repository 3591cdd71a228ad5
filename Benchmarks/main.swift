import Electrodeposition
import Spectral

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

// What depends on the machine: seconds, and their ratio to a bare pair of FFTW transforms (r2c + c2r, out of
// place, MEASURE, same size and threads) of the same run. Arguments: sizes (256 512 1024 unless given), numbers of
// threads as t1 t2 (both unless given), and names of cases (all unless given).

let arguments = CommandLine.arguments.dropFirst()
let sizes = arguments.compactMap(Int.init)
let threadCounts = arguments.filter { $0.hasPrefix("t") }.compactMap { Int($0.dropFirst()) }
let names = arguments.filter { Int($0.drop { $0 == "t" }) == nil }
let isWanted = { (name: String) in names.isEmpty || names.contains(name) }
let report = Report(path: "benchmarks.csv")
for size in sizes.isEmpty ? [256, 512, 1024] : sizes {
  for threads in threadCounts.isEmpty ? [1, 2] : threadCounts {
    let pair = barePair(size, threads: threads)
    report.row("bare pair", size, threads, seconds: pair, pairs: 1)
    if isWanted("kernels") {
      for kernel in Kernels(size, threads: threads).measure() {
        report.row(kernel.name, size, threads, seconds: kernel.seconds, pairs: kernel.seconds / pair)
      }
    }
    for workload in Workload.all where isWanted(workload.name) {
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
