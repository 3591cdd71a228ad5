import Analysis
import ArgumentParser
import Electrodeposition
import Foundation

struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Read a case, show what it means and what it will not resolve, without running it.",
    discussion: """
      Prints every value of the case with its unit, kind and source, the numbers that follow from it, and \
      warnings. Exit code 2 if the case cannot be read.

        frond check configs/sodium-on-nisb.yaml
        frond check configs/sodium-on-nisb.yaml --set "box.cell=2 nm"
      """)

  @OptionGroup var options: CaseOptions

  func run() throws {
    let setup = try options.input().setup
    print(Terminal.bold(setup.title))
    if let reference = setup.reference {
      print(wrapped("reference " + reference, to: Terminal.columns).joined(separator: "\n"))
    }
    print("\nCase")
    print(CaseTable(setup).text)
    print("\nWhat follows, for a closed flat film")
    let estimates = Estimates(of: setup)
    print(table(EstimateTable(setup, estimates).rows))
    let warnings = Warnings(setup, estimates)
    print("\n" + (warnings.list.isEmpty ? "No warnings." : warnings.text))
  }
}
