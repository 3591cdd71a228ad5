import Testing

@testable import CaseFiles

@Suite("Quantities")
struct QuantityTests {
  @Test(
    "Every unit is read into SI, rounded as the decimal number it stands for",
    arguments: [
      ("60 nm", PhysicalDimension.length, 60e-9), ("60nm", .length, 60e-9), ("0.3 um", .length, 0.3e-6),
      ("10 µm", .length, 10e-6), ("10 μm", .length, 10e-6), ("1.5 mm", .length, 1.5e-3),
      ("2 cm", .length, 0.02), ("200 Å", .length, 200e-10), ("200 \u{212B}", .length, 200e-10),
      ("200 A\u{30A}", .length, 200e-10), ("200 angstrom", .length, 200e-10),
      ("1e-9 m", .length, 1e-9), ("1.2E2 nm", .length, 120e-9), (".5 m", .length, 0.5),
      ("5. mm", .length, 5e-3),
      ("30 s", .time, 30), ("15 ms", .time, 0.015), ("2 us", .time, 2e-6), ("2 min", .time, 120),
      ("1.5 h", .time, 5400), ("5 ns", .time, 5e-9), ("2 d", .time, 172_800), ("3 days", .time, 259_200),
      ("-0.1 V", .potential, -0.1), ("\u{2212}100 mV", .potential, -0.1), ("+5 mV", .potential, 0.005),
      ("0.65 eV", .barrier, 0.65), ("650 meV", .barrier, 0.65),
      ("100 A/m^2", .currentDensity, 100), ("100 A/m²", .currentDensity, 100),
      ("1 mA/cm²", .currentDensity, 10),
      ("1 mA cm^-2", .currentDensity, 10), ("1 mA·cm⁻²", .currentDensity, 10),
      ("10 A/m2", .currentDensity, 10),
      ("50 µA/cm^2", .currentDensity, 0.5), ("50 uA/cm2", .currentDensity, 0.5),
      ("1 mAh/cm^2", .capacity, 36000), ("3 C/m^2", .capacity, 3), ("5 µAh/cm²", .capacity, 180),
      ("0.1 A/dm^2", .currentDensity, 10), ("10 mA/dm²", .currentDensity, 1),
      ("7 nA/cm²", .currentDensity, 7e-5),
      ("10 Ah/m²", .capacity, 36000), ("3.6 C/cm^2", .capacity, 36000), ("5 mC/cm²", .capacity, 50),
      ("0.25 J/m^2", .surfaceEnergy, 0.25), ("250 mJ/m²", .surfaceEnergy, 0.25),
      ("1000 mol/m^3", .concentration, 1000), ("1 mol/L", .concentration, 1000),
      ("1.2 M", .concentration, 1200), ("1 mol/l", .concentration, 1000), ("1 mol/dm³", .concentration, 1000),
      ("20 mmol/L", .concentration, 20), ("5 mN/m", .surfaceEnergy, 5e-3),
      ("5 mΩ cm²", .arealResistance, 5e-7),
      ("298.15 K", .temperature, 298.15), ("25 °C", .temperature, 298.15), ("25 C", .temperature, 298.15),
      ("-5 degC", .temperature, 268.15),
      ("90 deg", .angle, Double.pi / 2), ("30°", .angle, 30 * (Double.pi / 180)), ("1.2 rad", .angle, 1.2),
      ("0.68 S/m", .conductivity, 0.68), ("6.8 mS/cm", .conductivity, 0.68),
      ("0.0068 S/cm", .conductivity, 0.68),
      ("1e-10 m^2/s", .diffusivity, 1e-10), ("1e-6 cm²/s", .diffusivity, 1e-10),
      ("2e-9 m² s⁻¹", .diffusivity, 2e-9),
      ("1e-7 ohm m^2", .arealResistance, 1e-7), ("20 Ω cm²", .arealResistance, 20e-4),
      ("20 Ωcm^2", .arealResistance, 20e-4), ("20 ohm*cm^2", .arealResistance, 20e-4),
      ("20 \u{2126}·cm²", .arealResistance, 20e-4),
      ("0.15 F/m^2", .arealCapacitance, 0.15), ("15 µF/cm²", .arealCapacitance, 0.15),
      ("1.2e6 A/m^2/K^2", .richardsonConstant, 1.2e6), ("1.2e6 A m^-2 K^-2", .richardsonConstant, 1.2e6),
      ("1.2e6 A/(m^2 K^2)", .richardsonConstant, 1.2e6), ("120 A cm⁻² K⁻²", .richardsonConstant, 1.2e6),
      ("0.5", .number, 0.5), (" 1e-3 ", .number, 1e-3),
      ("2 hours", .time, 7200), ("1 hr", .time, 3600), ("3 minutes", .time, 180), ("5 mins", .time, 300),
      ("30 seconds", .time, 30), ("30 Sec", .time, 30), ("10 msec", .time, 0.01),
      ("20 milliseconds", .time, 0.02),
      ("25 celsius", .temperature, 298.15), ("25 deg C", .temperature, 298.15),
      ("25 ° C", .temperature, 298.15),
      ("298 Kelvin", .temperature, 298), ("-0.1 volts", .potential, -0.1),
      ("50 millivolts", .potential, 0.05),
      ("\u{2013}100 mV", .potential, -0.1), ("0.65 electronvolt", .barrier, 0.65),
      ("10 micron", .length, 10e-6), ("10 micrometers", .length, 10e-6), ("60 nanometres", .length, 60e-9),
      ("10 mum", .length, 10e-6), ("3 Ang", .length, 3e-10),
      ("30 degrees", .angle, 30 * (Double.pi / 180)), ("0.5 radians", .angle, 0.5),
      ("1 mAh/cm2", .capacity, 36000), ("1 mA h/cm^2", .capacity, 36000), ("1 mAh / cm²", .capacity, 36000),
      ("1 mAh per cm2", .capacity, 36000), ("3.6 As/cm2", .capacity, 36000),
      ("1 mA.cm-2", .currentDensity, 10), ("10 A/m**2", .currentDensity, 10),
      ("1 mA cm^{-2}", .currentDensity, 10),
      ("20 Ohm cm2", .arealResistance, 20e-4), ("20 ohm-cm2", .arealResistance, 20e-4),
      ("20 ohms.cm2", .arealResistance, 20e-4), ("15 muF/cm2", .arealCapacitance, 0.15),
      ("15 microF/cm²", .arealCapacitance, 0.15), ("1 molar", .concentration, 1000),
      ("1 mol/liter", .concentration, 1000), ("1 kmol/m3", .concentration, 1000),
      ("1e-6 cm2/sec", .diffusivity, 1e-10),
      ("150 erg/cm2", .surfaceEnergy, 0.15), ("23.75 mL/mol", .molarVolume, 23.75e-6),
    ])
  func units(text: String, dimension: PhysicalDimension, expected: Double) throws {
    #expect(try Quantity.parse(text, as: dimension) == expected)
  }

  @Test("Every example and every unit of the tables is read, and no unit belongs to two dimensions")
  func tables() throws {
    var seen: Set<String> = []
    for dimension in PhysicalDimension.allCases {
      let example = try Quantity.parse(dimension.example, as: dimension)
      for unit in dimension.units {
        let number = (example - unit.offset) / unit.scale
        for spelling in [unit.symbol] + unit.also {
          let value = try Quantity.parse("\(number) \(spelling)", as: dimension)
          #expect(abs(value - example) <= 1e-15 * abs(example), "\(spelling)")
        }
        #expect(seen.insert(unit.symbol).inserted, "\(unit.symbol)")
      }
    }
  }

  @Test(
    "What is not the quantity asked for is refused with its reason",
    arguments: [
      (
        "60", PhysicalDimension.length,
        "\"60\" has no unit; expected a length such as 60 nm (m, cm, mm, um, nm, angstrom)"
      ),
      (
        "60 mV", .length,
        "\"60 mV\" is a potential; expected a length such as 60 nm (m, cm, mm, um, nm, angstrom)"
      ),
      (
        "60 furlong", .length,
        "\"60 furlong\" has the unknown unit \"furlong\"; expected a length such as 60 nm (m, cm, mm, um, nm, angstrom)"
      ),
      (
        "long", .length,
        "\"long\" is not a number; expected a length such as 60 nm (m, cm, mm, um, nm, angstrom)"
      ),
      (
        "nm 60", .length,
        "\"nm 60\" is not a number; expected a length such as 60 nm (m, cm, mm, um, nm, angstrom)"
      ),
      ("", .length, "\"\" is not a number; expected a length such as 60 nm (m, cm, mm, um, nm, angstrom)"),
      (
        "1,5 nm", .length,
        "\"1,5 nm\" has a decimal comma; expected a length such as 60 nm (m, cm, mm, um, nm, angstrom)"
      ),
      (".nan", .potential, "\".nan\" is not a number; expected a potential such as -100 mV (V, mV, uV)"),
      ("-inf V", .potential, "\"-inf V\" is not finite; expected a potential such as -100 mV (V, mV, uV)"),
      ("1e400 V", .potential, "\"1e400 V\" is too large; expected a potential such as -100 mV (V, mV, uV)"),
      ("1e308 h", .time, "\"1e308 h\" is too large; expected a time such as 30 s (s, ms, us, ns, min, h, d)"),
      (
        "1e99999999999999999999 V", .potential,
        "\"1e99999999999999999999 V\" is too large; expected a potential such as -100 mV (V, mV, uV)"
      ),
      ("0.5 m", .number, "\"0.5 m\" has a unit; expected a plain number such as 0.5"),
      ("5 eV", .potential, "\"5 eV\" is an energy barrier; expected a potential such as -100 mV (V, mV, uV)"),
      (
        "60 n m", .length,
        "\"60 n m\" has the unknown unit \"n m\"; expected a length such as 60 nm (m, cm, mm, um, nm, angstrom)"
      ),
    ])
  func refusals(text: String, dimension: PhysicalDimension, message: String) {
    #expect(refusal(text, dimension, .any) == message)
  }

  @Test(
    "A unit that is nearly right gets the right one",
    arguments: [
      ("5 mah/cm^2", PhysicalDimension.capacity, "mAh/cm^2"), ("1 mA", .currentDensity, "mA/cm^2"),
      ("60 NM", .length, "nm"),
      ("1 mol/Lt", .concentration, "mol/L"), ("20 ohm", .arealResistance, "ohm cm^2"),
      ("200 angstorm", .length, "angstrom"), ("-0.1 V vs Na/Na+", .potential, "V"), ("2 H", .time, "h"),
    ])
  func suggestions(text: String, dimension: PhysicalDimension, unit: String) {
    #expect(refusal(text, dimension, .any)?.contains("\", did you mean \"\(unit)\"?; expected") == true)
  }

  @Test(
    "What is no number with a unit is told apart",
    arguments: [
      ("C/10", PhysicalDimension.currentDensity, "is a C-rate, and there is no capacity that it refers to"),
      ("0.5 C", .currentDensity, "is a C-rate, and there is no capacity that it refers to"),
      ("1x10^-5 m", .length, "has a power of ten that is not written as in 1e-5"),
      ("1×10⁻⁵ m", .length, "has a power of ten that is not written as in 1e-5"),
      ("10^-5 m", .length, "has a power of ten that is not written as in 1e-5"),
      ("5-10 um", .length, "is a range"),
    ])
  func otherNumbers(text: String, dimension: PhysicalDimension, complaint: String) {
    #expect(refusal(text, dimension, .any)?.hasPrefix("\"\(text)\" \(complaint); expected") == true)
  }

  @Test(
    "Numbers that no cell has are refused with the range",
    arguments: [
      ("1e-30 m", PhysicalDimension.length, Bounds.positive, "a length from 0.001 nm to 1 m, such as 60 nm"),
      ("1e30 s", .time, .positive, "a time from 0.001 ns to 36500 d, such as 30 s"),
      (
        "1000 J/m^2", .surfaceEnergy, .positive,
        "a surface energy from 1e-4 J/m² to 10 J/m², such as 0.25 J/m^2"
      ),
      ("-100 V", .potential, .any, "a potential between -10 V and 10 V, such as -100 mV"),
      ("3 eV", .barrier, .positive, "an energy barrier up to 2 eV, such as 0.65 eV"),
      (
        "100 mol/L", .concentration, .positive, "a concentration from 1e-6 mol/L to 20 mol/L, such as 1 mol/L"
      ),
    ])
  func ranges(text: String, dimension: PhysicalDimension, bounds: Bounds, allowed: String) {
    #expect(refusal(text, dimension, bounds) == "\"\(text)\" is out of range; expected \(allowed)")
  }

  @Test("Every range holds its dimension's example, and nothing between zero and it")
  func rangesHoldExamples() throws {
    for dimension in PhysicalDimension.allCases {
      guard let range = dimension.range else { continue }
      #expect(range.contains(abs(try Quantity.parse(dimension.example, as: dimension))))
      for outside in [0.9 * range.lowerBound, 1.1 * range.upperBound] where outside > 0 {
        #expect(
          refusal("\(outside) \(dimension.siUnit)", dimension, .positive)?.contains("out of range") == true)
      }
    }
  }

  @Test("Values outside their bounds are refused, in words")
  func bounds() {
    #expect(
      refusal("-1 nm", .length, .positive)
        == "\"-1 nm\" is negative; expected a length above zero, such as 60 nm")
    #expect(
      refusal("0 nm", .length, .positive) == "\"0 nm\" is zero; expected a length above zero, such as 60 nm")
    #expect(
      refusal("1.5", .number, .fraction) == "\"1.5\" is out of range; expected a plain number between 0 and 1"
    )
    #expect(
      refusal("180 deg", .angle, .wetting)
        == "\"180 deg\" is out of range; expected an angle between 0 and 180 deg, such as 30 deg")
    #expect(refusal("0 nm", .length, .zeroOrMore) == nil)
  }

  private func refusal(_ text: String, _ dimension: PhysicalDimension, _ bounds: Bounds) -> String? {
    do throws(QuantityError) {
      _ = try Quantity.parse(text, as: dimension, within: bounds)
      return nil
    } catch {
      return "\(error.found); expected \(error.expected)"
    }
  }

  @Test("Values are printed in the units of the field, round-off as nothing")
  func printing() {
    #expect(PhysicalDimension.length.formatted(3.2e-6) == "3.2 µm")
    #expect(PhysicalDimension.length.formatted(60e-9) == "60 nm")
    #expect(PhysicalDimension.length.formatted(1e-6) == "1 µm")
    #expect(PhysicalDimension.length.formatted(1e-10) == "0.1 nm")
    #expect(PhysicalDimension.length.formatted(6.154e-10) == "0.6154 nm")
    #expect(PhysicalDimension.length.formatted(-1e-22) == "0 nm")
    #expect(PhysicalDimension.potential.formatted(0.015) == "15 mV")
    #expect(PhysicalDimension.potential.formatted(-0.1) == "-100 mV")
    #expect(PhysicalDimension.potential.formatted(-1.5) == "-1.5 V")
    #expect(PhysicalDimension.potential.formatted(-1.5e-18) == "0 mV")
    #expect(PhysicalDimension.barrier.formatted(0.65) == "0.65 eV")
    #expect(PhysicalDimension.time.formatted(0) == "0 s")
    #expect(PhysicalDimension.time.formatted(3e-9) == "3 ns")
    #expect(PhysicalDimension.time.formatted(90) == "90 s")
    #expect(PhysicalDimension.time.formatted(170) == "2.833 min")
    #expect(PhysicalDimension.time.formatted(5400) == "1.5 h")
    #expect(PhysicalDimension.time.formatted(259_200) == "3 d")
    #expect(PhysicalDimension.currentDensity.formatted(20) == "2 mA/cm²")
    #expect(PhysicalDimension.currentDensity.formatted(1e-3) == "1e-4 mA/cm²")
    #expect(PhysicalDimension.capacity.formatted(36000) == "1 mAh/cm²")
    #expect(PhysicalDimension.capacity.formatted(180) == "0.005 mAh/cm²")
    #expect(PhysicalDimension.concentration.formatted(1000) == "1 mol/L")
    #expect(PhysicalDimension.arealResistance.formatted(1e-7) == "0.001 Ω cm²")
    #expect(PhysicalDimension.arealCapacitance.formatted(0.15) == "15 µF/cm²")
    #expect(PhysicalDimension.conductivity.formatted(0.68) == "6.8 mS/cm")
    #expect(PhysicalDimension.angle.formatted(.pi / 6) == "30°")
    #expect(PhysicalDimension.temperature.formatted(298.15) == "298.15 K")
    #expect(PhysicalDimension.diffusivity.formatted(8.69e-11) == "8.69e-11 m²/s")
    #expect(PhysicalDimension.number.formatted(0.4) == "0.4")
    #expect(PhysicalDimension.length.formatted(.nan) == "nan")
    #expect(short(9.99996e-5) == "1e-4" && short(0.12345) == "0.1235" && short(123456) == "123456")
  }
}
