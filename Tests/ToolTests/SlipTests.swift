import Foundation
import Testing

@Suite("Slips on the command line")
struct SlipTests {
  @Test(
    "a slip gets the right word, exit code 2",
    arguments: [
      (["chekc"], "there is no command \"chekc\", did you mean \"check\"?; expected one of run, check,"),
      (["verify", "contact angel"], "there is no problem \"contact angel\""),
      (["check", Tool.sodium, "--set", "metal=lithium"], "\"lithium\" is not known, did you mean \"Li\"?"),
      (["check", Tool.sodium, "--set", "box.cell=1 NM"], "did you mean \"nm\"?"),
      (["run", Tool.sodium, "--quite"], "Did you mean '--quiet'?"),
    ])
  func slip(arguments: [String], message: String) throws {
    let result = try Tool.Running(arguments).wait()
    #expect(result.exitCode == 2 && result.errors.contains(message), "\(result)")
  }

  @Test("verify takes the number of a family for all of its problems, and a whole number for itself")
  func family() throws {
    let all = try Tool.run("verify", "--list", "28").output.split(separator: "\n").filter {
      $0.hasPrefix("28")
    }
    #expect(all.count == 9 && all.first?.hasPrefix("28a") == true && all.last?.hasPrefix("28i") == true)
    let one = try Tool.run("verify", "--list", "6").output.split(separator: "\n").filter { $0.first != " " }
    #expect(one.count == 1)
  }

  @Test("run begins with the warnings of check, unless it is to be quiet")
  func warnings() throws {
    try Tool.inScratch { scratch in
      let changes = [
        "box.cell=3 nm", "box.height=160 nm", "protocol.0.until={time: 1 us}",
        "output={fields: false, pictures: false}",
      ]
      .flatMap { ["--set", $0] }
      let checked = try Tool.Running(["check", Tool.sodium] + changes).wait().output
      let start = try #require(checked.range(of: "Warnings\n"))
      let warnings = String(checked[start.lowerBound...])
      #expect(warnings.contains("The interface is too thick for the seeds"))
      let run = ["run", Tool.sodium] + changes + ["--out"]
      let loud = try Tool.Running(run + [scratch.path + "/loud"]).wait()
      #expect(loud.exitCode == 0 && loud.output.hasPrefix(warnings), "\(loud)")
      let quiet = try Tool.Running(run + [scratch.path + "/quiet", "--quiet"]).wait()
      #expect(quiet.exitCode == 0 && quiet.output.isEmpty, "\(quiet)")
    }
  }
}
