import Testing

struct CellTests {
  @Test("cell prints each number with kind and source, and what follows")
  func table() throws {
    let result = try Tool.run("cell")
    #expect(result.exitCode == 0 && result.errors.isEmpty)
    for line in [
      "collectors            24.8 mg/cm²  estimated  fitted to",
      "metal                 1166 mAh/g   computed",
      "mass                    119.3 mg/cm²", "specific energy         231.7 Wh/kg",
      "energy efficiency       95.78 %", "cycles on excess metal  769.2", "retention               54.84 %",
    ] {
      #expect(result.output.contains(line), "\(line)")
    }
  }

  @Test("Changes are given, and the last one counts")
  func changes() throws {
    let result = try Tool.run(
      "cell", "--set", "electrolyte=5 mg/mAh", "--set", "separator=9 mg/cm^2", "--set", "separator=5 mg/cm^2",
      "--set", "coulombic_efficiency=1")
    #expect(result.output.contains("electrolyte           5 mg/mAh     given"))
    #expect(result.output.contains("specific energy         201.3 Wh/kg"))
    #expect(result.output.contains("cycles on excess metal  no end"))
  }

  @Test(
    "What is wrong is said in a line, with exit code 2",
    arguments: [
      ("foo", "there is no key and value; expected key=value, such as electrolyte=5 mg/mAh"),
      ("colectors=3 mg/cm^2", "colectors: unknown key, did you mean \"collectors\"?; expected capacity, "),
      ("collectors=3", "collectors: \"3\" has no unit; expected a mass per area such as 25 mg/cm^2"),
      ("electrolyte=3 mg/cm^2", "electrolyte: \"3 mg/cm^2\" is a mass per area; expected a mass per charge"),
      ("capacity=0 mAh/cm^2", "capacity: \"0 mAh/cm^2\" is zero; expected a charge per area above zero"),
      ("metal_ratio=0.5", "metal_ratio: \"0.5\" is out of range; expected a plain number from 1 to 1e6"),
      ("coulombic_efficiency=99.7", "is out of range; expected a plain number from 0 to 1"),
      ("overpotential=4 V", "overpotential: 4 V is too large; expected less than the voltage, 3.95 V"),
    ])
  func refusals(change: String, message: String) throws {
    let result = try Tool.run("cell", "--set", change)
    #expect(result.exitCode == 2 && result.output.isEmpty)
    #expect(result.errors.contains(message), "\(result.errors)")
    #expect(result.errors.split(separator: "\n").count == 1)
  }
}
