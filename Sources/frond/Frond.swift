import ArgumentParser
import CaseFiles
import Foundation

@main
struct Frond: ParsableCommand {
  static let version = "0.1.0"

  static let exitCodes = """
    Exit codes: 0 the protocol is complete; 1 the run failed (its last good state is saved); 2 bad input; 3 the run \
    ended before its protocol did: topReached, noMetal, depleted, voltageLimit or noProgress, as it says and as run.json \
    records; 128 + n stopped by signal n (130 for Ctrl-C; everything is saved, continue with --resume).
    """

  static let configuration = CommandConfiguration(
    commandName: "frond",
    abstract: "How electrodes of lithium, sodium and potassium grow: a phase-field solver.",
    discussion: """
      A run is described by one case file. Look at it first, then run it:

        frond check configs/sodium-on-nisb.yaml
        frond run configs/sodium-on-nisb.yaml

      Any number of the case can be changed on the command line; units are compulsory:

        frond run configs/sodium-on-nisb.yaml --set "box.cell=2 nm" --out runs/coarse

      \(exitCodes)
      """,
    version: "frond \(version)",
    subcommands: [Run.self, Check.self, Stability.self, Verify.self, Cell.self, Info.self])

  /// Bad input ends with 2 everywhere, wrong options included.
  static func main() {
    do {
      try refuseUnknownCommand()
      var command = try parseAsRoot()
      try command.run()
    } catch {
      let code = exitCode(for: error)
      let message = fullMessage(for: error)
      if !message.isEmpty {
        if code == .success { print(message) } else { printError(message) }
      }
      Foundation.exit(code == .validationFailure ? ExitCode.badInput.rawValue : code.rawValue)
    }
  }

  private static func refuseUnknownCommand() throws {
    let known = configuration.subcommands.map { $0._commandName } + ["help"]
    guard let word = CommandLine.arguments.dropFirst().first, !word.hasPrefix("-"), !known.contains(word)
    else { return }
    let guess = nearest(to: word, in: known).map { ", did you mean \"\($0)\"?" } ?? ""
    throw ValidationError(
      "there is no command \"\(word)\"\(guess); expected one of \(known.joined(separator: ", "))")
  }
}

extension ExitCode {
  static let runFailed = ExitCode(1)
  static let badInput = ExitCode(2)
  static let endedEarly = ExitCode(3)
}

/// Why a question has no answer.
struct Refusal: Error {
  let reason: String
  init(_ reason: String) { self.reason = reason }
}

/// A case file and what the command line changes in it.
struct CaseOptions: ParsableArguments {
  @Argument(
    help: "The case file (YAML), or the folder of a run.", completion: .file(extensions: ["yaml", "yml"]))
  var file: String

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Change the case; may be repeated. Quote what has spaces.",
      discussion: """
        box.cell="4 nm" sets a value, seeds="{film: 20 nm}" a whole section, box.depth= takes a key out, \
        protocol.+="{rest: true, until: {time: 1 min}}" adds a stage (docs/cases.md).
        """,
      valueName: "key.path=value"))
  var overrides: [String] = []
}

func printError(_ message: String) {
  FileHandle.standardError.write(Data((message + "\n").utf8))
}
