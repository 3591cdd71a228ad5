import Analysis
import ArgumentParser
import CaseFiles
import Electrodeposition
import Figures
import Foundation

struct Stability: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Say at which wavelength and how fast a flat front of a case becomes unstable, without running it.",
    discussion: """
      Linear stability of a flat film under the first driven stage of the case: closed form for a binary \
      electrolyte in which the anion does not move, quasi-steady (docs/model.md). Substrate and seeds play no part.
      With --solver the eigenvalues of the solver's own step stand beside it, one to some ten seconds a wave; --plated \
      takes them about a front that is not steady yet. A cation alone has neither.
      --find-current asks of no stage: it gives the largest current at which no wave of any length grows by a factor e \
      while so much metal is plated.

        frond stability configs/sodium-needle.yaml
        frond stability configs/sodium-needle.yaml --solver
        frond stability configs/sodium-needle.yaml --plated "200 nm" --wavelength "1 um" --wavelength "2 um"
        frond stability configs/sodium-needle.yaml --csv rates.csv --plot rates.svg
        frond stability configs/sodium-needle.yaml --set "protocol.0.hold=-50 mV"
        frond stability configs/sodium-needle.yaml --find-current --within "5 um"
      """)

  @OptionGroup var options: CaseOptions

  @Flag(help: "Compute the rates also from the solver's own step, linearised about the moving front.")
  var solver = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Take the front when so much metal is plated from salt at rest, not the steady one; implies --solver.",
      valueName: "thickness"))
  var plated: String?

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("A wavelength for the table instead of the usual ones; repeatable."))
  var wavelength: [String] = []

  @Option(
    help: ArgumentHelp("Write wavelengths and rates as a table.", valueName: "file"), completion: .file())
  var csv: String?

  @Option(
    help: ArgumentHelp("Draw the rates; the name ends in .svg or .png.", valueName: "file"),
    completion: .file(extensions: ["svg", "png"]))
  var plot: String?

  @Flag(help: "Find the largest current at which no wave grows by a factor e, in mA/cm²; nothing else.")
  var findCurrent = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Metal plated meanwhile, by default that of 1 mAh/cm²; implies --find-current.", valueName: "thickness")
  )
  var within: String?

  func run() throws {
    let setup = try options.input().setup
    do {
      try answer(setup)
    } catch let refusal as Refusal {
      printError(refusal.reason)
      throw ExitCode.badInput
    } catch let failure as OutputFailure {
      printError("\(failure)")
      throw ExitCode.badInput
    }
  }

  private func answer(_ setup: Case) throws {
    if findCurrent || within != nil { return try answerCurrent(setup) }
    try checkFiles()
    let asked = try wavelength.map { try length($0, of: "--wavelength") }.sorted()
    let thickness = try plated.map { try length($0, of: "--plated") }
    let estimates = Estimates(of: setup)
    let control = try control(of: setup, estimates, asked)
    let waves = estimates.front.flatMap { StabilityTable.Waves($0) }
    let output = StabilityTable(
      setup: setup, control: control, front: estimates.front, waves: waves, plated: plated)
    let lengths = asked.isEmpty ? waves?.usual.sorted() ?? [] : asked
    var step: LinearisedStep?
    if solver || plated != nil {
      step = LinearisedStep(setup, under: control, plated: thickness)
      try check(thickness, suits: lengths, step)
    }
    print(Terminal.bold(setup.title))
    if estimates.front != nil { print(output.operation) }
    if setup.kinetics.interphase != nil {
      print("The SEI is as at the start: \(interphase(estimates))")
    }
    guard waves != nil || estimates.front == nil else {
      print("\nWaves of every length decay: the front does not plate.")
      return
    }
    if let waves { print(output.meaning(waves)) }
    let found = try step.map { try rates(of: lengths, by: $0) } ?? []
    print(output.rates(lengths, found))
    let points = zip(lengths, found).map { (wavelength: $0, rate: $1) }
    if let csv { try StabilityRates(estimates.front, points: points).write(to: csv) }
    if let plot, let front = estimates.front {
      let subtitle = "\(describe(control)): \(current(front.current))"
      let meaning = plated.map { "the solver's own step, \($0) plated" } ?? "the solver's own step"
      try StabilityPlot(
        front, points: points, meaning: meaning, title: setup.title, subtitle: subtitle)?.write(to: plot)
    }
  }

  private func answerCurrent(_ setup: Case) throws {
    if let other = waveOption { throw Refusal("\(other): does not go with --find-current") }
    let metal = try within.map { try length($0, of: "--within") } ?? 36_000 * setup.volumePerCharge
    guard let currents = setup.stableCurrents(within: metal) else { throw Refusal(notCovered) }
    print(Terminal.bold(setup.title))
    print(StabilityTable.text(currents, within: metal, setup))
    if setup.kinetics.interphase != nil {
      print(
        "The SEI is taken as at the start: that it is stretched, which can make all waves grow, is left out.")
    }
  }

  /// What the table leaves out.
  private func interphase(_ estimates: Estimates) -> String {
    guard let folding = estimates.interphaseFolding else {
      return "the rates leave out that it grows and is stretched; here that lets no wave grow."
    }
    return
      "stretched, it lets waves of all lengths grow e-fold in \(human(folding, "m")) of metal, which the rates leave out."
  }

  // MARK: Refusals

  private var notCovered: String {
    "\(options.file): no closed form covers the waves of transport cation; run the case instead"
  }

  /// The first option that needs waves on the front of a stage.
  private var waveOption: String? {
    let given = [
      ("--wavelength", !wavelength.isEmpty), ("--plated", plated != nil), ("--solver", solver),
      ("--csv", csv != nil), ("--plot", plot != nil),
    ]
    return given.first { $0.1 }?.0
  }

  private func checkFiles() throws {
    for path in [csv, plot] {
      if let path, let failure = OutputFailure.unlessWritable(path) { throw failure }
    }
    if let plot, !["svg", "png"].contains((plot as NSString).pathExtension.lowercased()) {
      throw Refusal("--plot: \(plot): expected a name that ends in .svg or .png")
    }
  }

  private func length(_ text: String, of option: String) throws -> Double {
    do {
      return try Quantity.parse(text, as: .length, within: .positive)
    } catch {
      throw Refusal("\(option): \(error)")
    }
  }

  /// What drives the front.
  private func control(of setup: Case, _ estimates: Estimates, _ asked: [Double]) throws -> Control {
    guard setup.migrationRatio == nil else {
      throw Refusal(notCovered)
    }
    guard let control = estimates.control else {
      throw Refusal("\(options.file): the protocol only rests; expected a stage that plates")
    }
    if solver || plated != nil, setup.variationalMobility != nil {
      throw Refusal("--solver: takes an interface width from the wave, which capillarity variational fixes")
    }
    guard let front = estimates.front else {
      let reason =
        "there is no steady front: \(describe(control)) is above the limiting current of "
        + current(setup.limitingCurrent)
      guard plated != nil else {
        throw Refusal("\(options.file): \(reason); --plated with --wavelength looks at the front on its way")
      }
      if asked.isEmpty { throw Refusal("--plated: expected a --wavelength beside it, because \(reason)") }
      if plot != nil { throw Refusal("--plot: draws the closed form, but \(reason)") }
      return control
    }
    if front.surfaceSalt < 1e-6 * setup.electrolyte.concentration.value {
      throw Refusal(
        "\(options.file): \(describe(control)) draws the limiting current of \(current(setup.limitingCurrent)): no "
          + "salt is left at the front, and the closed form says nothing; expected a weaker stage")
    }
    if front.current <= 0, let option = waveOption {
      throw Refusal("\(option): needs a stage that plates; \(describe(control)) does not")
    }
    return control
  }

  private func check(_ thickness: Double?, suits lengths: [Double], _ step: LinearisedStep?) throws {
    guard let thickness, let plated, let step else { return }
    for length in lengths where thickness < step.leastPlated(wavelength: length) {
      let least = human(step.leastPlated(wavelength: length), "m")
      throw Refusal(
        "--plated: \(plated) is too little for a wave of \(human(length, "m")); expected at least \(least)")
    }
  }

  // MARK: The solver

  /// The solver's rates, with a line that tells how far they are.
  private func rates(of lengths: [Double], by step: LinearisedStep) throws -> [Double] {
    defer { if Terminal.isInteractive { print("\r\u{1B}[2K", terminator: "") } }
    return try lengths.enumerated().map { index, length in
      if Terminal.isInteractive {
        print("\r\u{1B}[2Kwave \(index + 1) of \(lengths.count)", terminator: "")
        fflush(nil)
      }
      do {
        return try step.growthRate(wavelength: length)
      } catch SolverFailure.depleted(let time) where plated != nil {
        throw Refusal(
          "--plated: the salt at the front is used up after \(duration(time)), before so much is plated")
      } catch {
        printError("the wave of \(human(length, "m")): \(error)")
        throw ExitCode.runFailed
      }
    }
  }
}
