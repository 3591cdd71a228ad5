import Analysis
import ArgumentParser
import CaseFiles
import Electrodeposition
import Foundation
import Spectral

struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run a case, or continue a run.",
    discussion: """
      Writes a history, pictures, fields and checkpoints into a folder, by default runs/ and the name of the \
      case, of a case.yaml that of its folder. A folder that holds a run is not overwritten.

        frond run configs/sodium-on-nisb.yaml
        frond run configs/sodium-on-nisb.yaml --set protocol.0.hold="-50 mV" --out runs/slow

      Ctrl-C, SIGTERM and SIGHUP stop after the current step with everything written (SIGUSR1 saves and goes on); \
      --resume goes on from there, to the last bit, also after a crash (from the last checkpoint). A run that has stopped or ended takes other limits of the \
      stage it is in, other stages after it, another title and other output, by --set or in its case.yaml:

        frond run runs/slow --resume
        frond run runs/slow --resume --set protocol.0.until.thickness="150 nm"
        frond run runs/slow --resume --set "protocol.+={rest: true, until: {time: 10 s}}"

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
    let path = try folder()
    let input = try options.input()
    let workers = threads ?? ProcessInfo.processInfo.activeProcessorCount
    Interrupt.listen()
    let loop: RunLoop
    do {
      loop = try resume ? self.resumed(input, path, workers) : self.started(input, path, workers)
    } catch let failure as SolverFailure {
      printError("\(input.path): \(failure)")
      throw ExitCode.badInput
    } catch let failure as OutputFailure {
      printError("\(failure)")
      throw ExitCode.badInput
    } catch let problems as CaseProblems {
      printError("\(problems)")
      throw ExitCode.badInput
    }
    try loop.run()
  }

  /// The folder of the run. Given instead of a case file, it is that of a run to be continued.
  private func folder() throws -> String {
    guard RunFolder.caseFile(in: options.location) != nil else {
      return out ?? RunFolder.defaultPath(forCaseFile: options.location)
    }
    if !resume {
      printError("\(options.location): is the folder of a run; \(RunFolder.advice(options.location))")
    } else if let out, out != options.location {
      printError(
        "--out \(out): the run to be continued is in \(options.location); expected no --out beside it")
    } else {
      return options.location
    }
    throw ExitCode.badInput
  }

  private func part(_ threads: Int) -> RunRecord.Part {
    RunRecord.Part(
      commandLine: CommandLine.arguments, version: Frond.version, fftw: fftwVersion, threads: threads)
  }

  private func started(_ input: CaseFile, _ path: String, _ threads: Int) throws -> RunLoop {
    // Plans that someone put there: no time is spent on finding them, and the bits are those of their run.
    if let wisdom = RunFolder.wisdom(in: path) { _ = Wisdom.restore(wisdom) }
    let simulation = try Simulation(input.setup, threads: threads)
    let record = RunRecord(
      title: input.setup.title, seed: input.setup.numerics.randomSeed, part: part(threads))
    let folder = try RunFolder(creating: path, caseText: input.text, record: record)
    let warnings = Warnings(input.setup, Estimates(of: input.setup))
    if !quiet, !warnings.list.isEmpty { print(warnings.text) }
    return RunLoop(simulation, folder, input: input, isResumed: false, quiet: quiet)
  }

  private func resumed(_ input: CaseFile, _ path: String, _ threads: Int) throws -> RunLoop {
    let resumption = try Resumption(of: path, with: input)
    if !resumption.refusals.isEmpty {
      printError("\(path): the run was started with another case; it cannot go on with this one")
      for refusal in resumption.refusals { printError("  " + refusal) }
      throw ExitCode.badInput
    }
    _ = Wisdom.restore(resumption.checkpoint.wisdom)
    let simulation = try Simulation(
      input.setup, resuming: resumption.checkpoint.state, of: resumption.former.setup, threads: threads)
    if let reason = simulation.endReason, resumption.changes.isEmpty {
      if !quiet { print("\(path): the run has ended already: \(reason)") }
      throw reason.isEarly ? ExitCode.endedEarly : ExitCode.success
    }
    let folder = try RunFolder(
      resuming: path, from: resumption.checkpoint, with: input, part: part(threads))
    return RunLoop(simulation, folder, input: input, isResumed: true, quiet: quiet)
  }
}
