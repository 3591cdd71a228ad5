import ArgumentParser
import CaseFiles
import Electrodeposition
import Foundation
import Spectral

struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run a case.",
    discussion: """
      Writes a history, pictures, fields and checkpoints into a folder, by default runs/ and the name of the \
      case. A folder that holds a run is not overwritten.

        frond run configs/sodium-on-nisb.yaml
        frond run configs/sodium-on-nisb.yaml --set protocol.0.hold="-50 mV" --out runs/slow
        frond run configs/sodium-on-nisb.yaml --resume

      Ctrl-C stops after the current step with everything written; --resume goes on from there, to the last \
      bit, also after a crash (from the last checkpoint).

      \(Frond.exitCodes)
      """)

  @OptionGroup var options: CaseOptions

  @Option(help: ArgumentHelp("Folder of the run.", valueName: "folder"), completion: .directory)
  var out: String?

  @Flag(help: "Continue the run in the folder from its last checkpoint.")
  var resume = false

  @Option(
    parsing: .unconditional,
    help: "Threads of the solver; by default all processors. They do not change the result.")
  var threads: Int?

  @Flag(help: "Print nothing but errors.")
  var quiet = false

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads takes a number from 1 to 1024, not \(threads)")
    }
    if let out, out.isEmpty { throw ValidationError("--out takes the path of a folder") }
  }

  func run() throws {
    let input = try options.input()
    let path = out ?? RunFolder.defaultPath(forCaseFile: options.file)
    let workers = threads ?? ProcessInfo.processInfo.activeProcessorCount
    Interrupt.listen()
    let loop: RunLoop
    do {
      loop = try resume ? self.resumed(input, path, workers) : self.started(input, path, workers)
    } catch let failure as SolverFailure {
      printError("\(options.file): \(failure)")
      throw ExitCode.badInput
    } catch let failure as OutputFailure {
      printError("\(failure)")
      throw ExitCode.badInput
    }
    try loop.run()
  }

  private func part(_ threads: Int) -> RunRecord.Part {
    RunRecord.Part(
      commandLine: CommandLine.arguments, version: Frond.version, fftw: fftwVersion, threads: threads)
  }

  private func started(_ input: CaseInput, _ path: String, _ threads: Int) throws -> RunLoop {
    // Plans that someone put there: no time is spent on finding them, and the bits are those of their run.
    if let wisdom = RunFolder.wisdom(in: path) { _ = Wisdom.restore(wisdom) }
    let simulation = try Simulation(input.setup, threads: threads)
    let record = RunRecord(
      title: input.setup.title, seed: input.setup.numerics.randomSeed, part: part(threads))
    let folder = try RunFolder(creating: path, caseText: input.text, record: record)
    return RunLoop(simulation, folder, input: input, isResumed: false, quiet: quiet)
  }

  private func resumed(_ input: CaseInput, _ path: String, _ threads: Int) throws -> RunLoop {
    guard FileManager.default.fileExists(atPath: RunFolder.checkpointPath(path)) else {
      throw OutputFailure("resume", path, "it holds no checkpoint of a run; start one without --resume")
    }
    let checkpoint = try Checkpoint(reading: RunFolder.checkpointPath(path))
    try refuseOtherCase(input, checkpoint.caseText, path)
    _ = Wisdom.restore(checkpoint.wisdom)
    let simulation = try Simulation(input.setup, resuming: checkpoint.state, threads: threads)
    if let reason = simulation.endReason {
      if !quiet { print("\(path): the run has ended already: \(reason)") }
      throw reason.isEarly ? ExitCode.endedEarly : ExitCode.success
    }
    let folder = try RunFolder(resuming: path, from: checkpoint, part: part(threads))
    return RunLoop(simulation, folder, input: input, isResumed: true, quiet: quiet)
  }

  /// A state makes sense only in its own case.
  private func refuseOtherCase(_ input: CaseInput, _ text: String, _ path: String) throws {
    if text == input.text { return }
    let stored = try CaseInput(stored: text, named: path + "/checkpoint")
    let differing = differences(stored.setup, input.setup)
    if differing.isEmpty { return }
    printError("\(path): the run was started with another case; it cannot go on with this one")
    for difference in differing { printError("  " + difference) }
    if !stored.overrides.isEmpty && options.overrides.isEmpty {
      let repeated = stored.overrides.map { "--set " + quoted($0) }.joined(separator: " ")
      printError("  it was started with \(repeated): repeat that")
    }
    throw ExitCode.badInput
  }
}

/// Values in which two cases differ, with where they stand: `metal.symbol: Na there, K here`.
///
/// Sources are comments, not values.
func differences(_ there: Any, _ here: Any, path: String = "") -> [String] {
  let (left, right) = (Mirror(reflecting: there), Mirror(reflecting: here))
  if left.children.isEmpty || left.children.count != right.children.count {
    let (old, new) = ("\(there)", "\(here)")
    return old == new ? [] : ["\(path): \(brief(old)) there, \(brief(new)) here"]
  }
  return zip(left.children, right.children).enumerated().flatMap { index, pair -> [String] in
    let (old, new) = pair
    if old.label != new.label { return ["\(path): \(old.label ?? "") there, \(new.label ?? "") here"] }
    if there is Sourced, old.label != "value" { return [] }
    let label = old.label ?? "\(index + 1)"
    let isTransparent = left.displayStyle == .optional || (there is Sourced)
    let deeper = isTransparent ? path : path.isEmpty ? label : "\(path).\(label)"
    return differences(old.value, new.value, path: deeper)
  }
}

private func brief(_ text: String) -> String { text.count <= 60 ? text : text.prefix(57) + "..." }
