import Foundation
import Spectral

/// What depends on the machine: seconds, and their ratios to a bare pair of FFTW's transforms and to a STREAM triad of
/// the same size, threads and run; beside them what does not: iterations, applications, heap blocks, bytes a cell.
@main
struct Suite {
  private var sizes: [Size] = []
  private var threadCounts: [Int] = []
  private var names: [String] = []
  private var base: String?
  private var limit = 1.3
  private let report: Report
  private let roofline: Roofline

  static func main() {
    do {
      let arguments = CommandLine.arguments.dropFirst()
      if arguments.first == "allen-cahn" { return try AllenCahn(Array(arguments.dropFirst())).run() }
      let suite = try Suite(arguments)
      if try !suite.run() { exit(1) }
    } catch let failure as Report.Failure {
      print(failure)
      exit(2)
    } catch {
      print(error)
      exit(1)
    }
  }

  /// Sizes (256 512 1024 64^3 unless given), numbers of threads as t1 t2 (both unless given), names of cases or
  /// "kernels" (all unless given), base=old.csv to compare with, limit=1.3 for the ratio that fails,
  /// roofline=roofline.png for where the kernels are drawn; -t1, -t2 are put into its name.
  private init(_ arguments: some Sequence<String>) throws {
    var picture = "roofline.png"
    for argument in arguments {
      if let size = Size(argument) {
        sizes.append(size)
      } else if argument.hasPrefix("t"), let threads = Int(argument.dropFirst()), (1...64).contains(threads) {
        threadCounts.append(threads)
      } else if argument.hasPrefix("base=") {
        base = String(argument.dropFirst(5))
      } else if argument.hasPrefix("limit="), let ratio = Double(argument.dropFirst(6)) {
        limit = ratio
      } else if argument.hasPrefix("roofline="), argument.hasSuffix(".png") {
        picture = String(argument.dropFirst(9))
      } else if argument == "kernels" || Workload.all.contains(where: { $0.name == argument }) {
        names.append(argument)
      } else {
        let cases = (Workload.all.map(\.name) + ["kernels"]).joined(separator: ", ")
        throw Report.Failure(
          "\(argument): expected a size (a multiple of 8 from 32 to 8192, or to 512^3), threads from t1 to t64, "
            + "base=old.csv, limit=1.3, roofline=picture.png or one of " + cases)
      }
    }
    // The table to compare with stays.
    let table = URL(fileURLWithPath: "benchmarks.csv").standardized
    let isOwn = base.map { URL(fileURLWithPath: $0).standardized == table } ?? false
    report = Report(path: isOwn ? "benchmarks-new.csv" : "benchmarks.csv")
    roofline = Roofline(path: picture)
    if sizes.isEmpty { sizes = ["256", "512", "1024", "64^3"].compactMap { Size($0) } }
    if threadCounts.isEmpty { threadCounts = [1, 2] }
    for workload in Workload.all where names.contains(workload.name) {
      guard sizes.contains(where: { $0.isCube == workload.isCube }) else {
        throw Report.Failure(
          "\(workload.name): expected a size such as \(workload.isCube ? "64^3" : "256") for it")
      }
    }
  }

  /// - Returns: whether nothing became slower than the limit allows.
  private func run() throws -> Bool {
    let old = try base.map { try Report.pairs(of: $0) }
    report.printHead()
    for size in sizes { for threads in threadCounts { try measure(size, threads) } }
    try report.write()
    try roofline.write()
    return old.map { report.compare(with: $0, limit: limit) } ?? true
  }

  private func isWanted(_ name: String) -> Bool { names.isEmpty || names.contains(name) }

  private func measure(_ size: Size, _ threads: Int) throws {
    let pair = barePair(size, threads: threads)
    let parts = Kernels(size, threads: threads)
    let kernels = isWanted("kernels") ? parts.measure() : [parts.measureTriad()]
    let triad = kernels[0].seconds
    func add(
      _ name: String, _ seconds: Double, bytesPerCell: Double? = nil, iterations: String = "",
      remark: String = ""
    ) {
      report.add(
        Report.Row(
          name: name, size: size.name, threads: threads, seconds: seconds, pairs: seconds / pair,
          bytesPerCell: bytesPerCell, iterations: iterations), label: size.label, triad: triad, remark: remark
      )
    }
    add("bare pair", pair)
    if isWanted("kernels") { roofline.add(kernels, size, threads: threads) }
    for kernel in kernels {
      let remark = kernel.bytes.map { bytes in
        String(
          format: "%.1f GB/s, %.2f times its traffic at the triad's",
          bytes * Double(size.cells) / kernel.seconds * 1e-9,
          kernel.seconds / (triad * bytes / 24))
      }
      add(kernel.name, kernel.seconds, bytesPerCell: kernel.bytes, remark: remark ?? "")
    }
    for workload in Workload.all where workload.isCube == size.isCube && isWanted(workload.name) {
      let step = try workload.measure(size, threads: threads)
      add(
        workload.name, step.seconds, bytesPerCell: step.bytesPerCell,
        iterations: String(format: "%.1f+%.1f", step.potential, step.salt),
        remark: String(
          format: "iterations, %.1f operators, %.1f preconditioners, %.0f heap blocks, %.0f bytes a cell",
          step.operators, step.preconditioners, step.allocations, step.bytesPerCell))
      for part in step.parts { add("  \(part.part.rawValue)", part.seconds) }
      add(Workload.setUp, step.start)
    }
  }
}
