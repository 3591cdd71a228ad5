import Foundation
import Testing

@testable import Analysis
@testable import Electrodeposition

/// The sodium cell of the reference table: D₊ = 7.24e-11 m²/s, t₊ = 0.4, L = 10 µm, 1 mol/L, no film.
private func referenceCase(
  exchange: Double = 100, film: Double = 0, end: Electrolyte.End = .reservoir, stages: [Stage]? = nil,
  depth: Double? = nil
) -> Case {
  func chosen(_ value: Double, _ unit: String) -> Sourced { Sourced(value, unit, .chosen, "test") }
  let temperature = 298.15
  let (cation, transference, salt) = (7.24e-11, 0.4, 1000.0)
  let sum = cation / transference
  let f = Constants.faraday / (Constants.gas * temperature)
  let electrolyte = Electrolyte(
    name: "reference", concentration: chosen(salt, "mol/m^3"),
    conductivity: chosen(Constants.faraday * f * salt * sum, "S/m"),
    saltDiffusivity: chosen(2 * cation * (1 - transference), "m^2/s"),
    transferenceNumber: chosen(transference, "1"), thickness: 10e-6, end: end)
  return Case(
    title: "reference", metal: .sodium, temperature: chosen(temperature, "K"), electrolyte: electrolyte,
    kinetics: Kinetics(
      exchangeCurrentDensity: chosen(exchange, "A/m^2"), filmResistance: chosen(film, "ohm m^2")),
    surfaceEnergy: chosen(0.25, "J/m^2"), substrate: nil, seeds: Seeds(film: 1e-7),
    box: Box(width: 1e-6, depth: depth, height: 1e-6, cell: 1e-8),
    stages: stages ?? [Stage(.potential(-0.1), until: Limits(thickness: 5e-7))])
}

@Suite("Estimates")
struct EstimatesTests {
  /// Rows of the reference table at −0.1 V, to their printed digits.
  @Test(
    "a flat front at -0.1 V has the reference current, salt, neutral and fastest wavelength",
    arguments: [
      (100.0, [403.2, 711.4, 0.893, 5.53, 5.878e-3], [0.05, 0.05, 0.0005, 0.005, 0.0005e-3]),
      (1000.0, [961.8, 311.6, 0.402, 1.75, 8.950e-2], [0.05, 0.05, 0.0005, 0.005, 0.0005e-2]),
    ])
  func referenceTable(exchange: Double, expected: [Double], digit: [Double]) throws {
    let front = try #require(referenceCase(exchange: exchange).flatFront(under: .potential(-0.1)))
    let fastest = try #require(front.fastestMode)
    let neutral = try #require(front.neutralWavelength)
    let found = [
      front.current, front.surfaceSalt, neutral * 1e6, fastest.wavelength * 1e6, fastest.rate,
    ]
    for (value, (wanted, half)) in zip(found, zip(expected, digit)) {
      #expect(abs(value - wanted) <= 1.001 * half, "\(value) for \(wanted)")
    }
  }

  @Test("a flat front satisfies its own equations", arguments: [10.0, 100, 1000], [0, 2e-3])
  func residual(exchange: Double, film: Double) throws {
    let setup = referenceCase(exchange: exchange, film: film)
    let front = try #require(setup.flatFront(under: .potential(-0.1)))
    let f = setup.inverseThermalVoltage
    let salt = 1000 - front.current * 10e-6 / (Constants.faraday * 2 * 7.24e-11)
    let potential = log(salt / 1000) / f
    let e = -0.1 - potential + film * front.current
    let law = exchange * (salt / 1000 * exp(-0.5 * f * e) - exp(0.5 * f * e))
    #expect(abs(law / front.current - 1) < 1e-9)
    #expect(abs(front.surfaceSalt - salt) < 1e-9 * salt)
    #expect(abs(front.voltage + 0.1) < 1e-12)
    #expect(front.growthRate(waveNumber: 2 * .pi / (front.neutralWavelength ?? 0)).magnitude < 1e-12)
  }

  @Test(
    "below a weak current no wave stands out: rates rise to that of long waves, and reach 99 % of it where is said"
  )
  func plateau() throws {
    let front = try #require(referenceCase(exchange: 10).flatFront(under: .current(10)))
    let fastest = try #require(front.fastestMode)
    #expect(!fastest.isMaximum)
    // w(0) = v/(L + 1/a), a = A/(F D_t).
    let a = front.saltResponse / (Constants.faraday * 2 * 7.24e-11)
    #expect(abs(fastest.rate * (10e-6 + 1 / a) / front.speed - 1) < 1e-6)
    let start = front.growthRate(waveNumber: 2 * .pi / fastest.wavelength)
    #expect(abs(start / fastest.rate - 0.99) < 1e-9)
    let rates = front.growthRates(from: fastest.wavelength, to: 1).map(\.rate)
    #expect(rates.allSatisfy { abs($0 / fastest.rate - 0.995) < 0.0051 })
    let sealed = try #require(
      referenceCase(exchange: 10, end: .counterElectrode).flatFront(under: .current(10)))
    #expect(sealed.fastestMode?.isMaximum == true)
  }

  @Test(
    "the largest stable current is the one that the cubic of a deep electrolyte gives",
    arguments: [0.3, 0.6, 0.8])
  func stableCurrent(share: Double) throws {
    // Without a film and with q = k, w/v = k (a − σk²)/(k + a), σ = BΓ/i, is largest at k = x a, where
    // σ a = 1/(x² (2x + 3)) makes it 2 x a/(2x + 3). With α = ½, s = e^{−fe/2} is a root of (c/c0) s − 1/s = i/i0.
    var setup = referenceCase(exchange: 10)
    setup.electrolyte.thickness = 1e-3
    let limit = Constants.faraday * 2 * 7.24e-11 * 1000 / 1e-3
    let (i, f) = (share * limit, setup.inverseThermalVoltage)
    let (c, ratio) = (1 - share, i / 10)
    let s = (ratio + (ratio * ratio + 4 * c).squareRoot()) / (2 * c)
    let (cathodic, anodic) = (10 * c * s, 10 / s)
    let slope = 0.5 * f * (cathodic + anodic)
    let t = setup.electrolyte.transferenceNumber.value
    let p = limit * 1e-3 / setup.electrolyte.conductivity.value - (2 * t - 1) / f
    let a = (cathodic + slope * p) / (1000 * c) / (Constants.faraday * 2 * 7.24e-11)
    let sigma = slope * 0.25 * setup.volumePerCharge / i
    var (low, high) = (0.0, 1e6)
    for _ in 0..<200 {
      let x = (low + high) / 2
      if sigma * a * x * x * (2 * x + 3) < 1 { low = x } else { high = x }
    }
    let thickness = (2 * low + 3) / (2 * low * a)
    guard case .below(let found)? = setup.stableCurrents(within: thickness) else {
      Issue.record("\(String(describing: setup.stableCurrents(within: thickness)))")
      return
    }
    #expect(abs(found / i - 1) < 1e-6, "\(found) for \(i)")
  }

  @Test(
    "all currents are stable within next to no metal, none within more than the electrolyte is thick and reacts over"
  )
  func stableCurrentEnds() throws {
    let setup = referenceCase(exchange: 1000)
    #expect(setup.stableCurrents(within: 1e-14) == .all)
    // At no current waves grow by 1/(L + 1/a) of the metal, a = 2 i0/(F D_t c0) with P = 1/f.
    let weak = try #require(setup.flatFront(under: .current(1e-9)))
    let longest = 1 / (try #require(weak.gain))
    #expect(setup.stableCurrents(within: 1.001 * longest) == StableCurrents.none)
    guard case .below? = setup.stableCurrents(within: 0.999 * longest) else {
      Issue.record("\(longest)")
      return
    }
    // The gain rises with the current, or a bisection would not find the largest.
    for end in Electrolyte.End.allCases {
      let cell = referenceCase(exchange: 1000, film: 1e-3, end: end)
      let gains = (1...60).compactMap { step in
        cell.flatFront(under: .current(cell.limitingCurrent * pow(0.75, Double(60 - step)) * 0.999))?.gain
      }
      #expect(gains.count == 60 && zip(gains, gains.dropFirst()).allSatisfy { $0 <= $1 * (1 + 1e-9) })
    }
  }

  @Test("current and potential control meet in the same front", arguments: Electrolyte.End.allCases)
  func controlsAgree(end: Electrolyte.End) throws {
    let setup = referenceCase(film: 1e-3, end: end)
    for voltage in [-0.3, -0.05, -1e-4, 1e-4, 0.05] {
      let held = try #require(setup.flatFront(under: .potential(voltage)))
      let driven = try #require(setup.flatFront(under: .current(held.current)))
      #expect(abs(driven.voltage - voltage) < 1e-9)
      #expect((held.current > 0) == (voltage < 0))
    }
  }

  @Test("a sealed cell splits its voltage evenly between equal electrodes when little salt moves")
  func sealedCell() throws {
    let setup = referenceCase(exchange: 1, end: .counterElectrode)
    let front = try #require(setup.flatFront(under: .current(0.01)))
    #expect(abs(front.activation / (front.voltage / 2) - 1) < 0.01)
  }

  @Test("the limiting current is 2 F D+ c0/L below a reservoir and twice that in a sealed cell")
  func limitingCurrent() {
    let open = referenceCase().limitingCurrent
    #expect(abs(open / (2 * Constants.faraday * 7.24e-11 * 1000 / 10e-6) - 1) < 1e-12)
    #expect(abs(referenceCase(end: .counterElectrode).limitingCurrent / open - 2) < 1e-12)
    #expect(referenceCase().flatFront(under: .current(1.01 * open)) == nil)
    #expect((referenceCase().flatFront(under: .potential(-5))?.current ?? 0) / open > 0.999999)
  }

  @Test("Sand's time is when c0 - (2 i t-/F) sqrt(t/(pi D)) reaches zero")
  func sand() {
    let time = referenceCase().sandTime(current: 500)
    let drop = 2 * 500 * 0.6 / Constants.faraday * (time / (.pi * 2 * 7.24e-11 * 0.6)).squareRoot()
    #expect(abs(drop / 1000 - 1) < 1e-12)
  }

  @Test("the critical nucleus balances Gibbs-Thomson against the overpotential")
  func nucleus() {
    let sphere = referenceCase(depth: 1e-6).criticalRadius(overpotential: -0.1)
    #expect(abs(sphere - 1.23e-9) < 0.005e-9)
    #expect(abs(referenceCase().criticalRadius(overpotential: -0.1) / sphere - 0.5) < 1e-12)
    let setup = referenceCase()
    let full = setup.nucleationBarrier(overpotential: -0.1, contactAngle: .pi)
    let area = 4 * Double.pi * sphere * sphere
    let expected = 0.25 * area / 3 / (Constants.boltzmann * 298.15)
    #expect(abs(full / expected - 1) < 1e-12)
    #expect(abs(setup.nucleationBarrier(overpotential: -0.1, contactAngle: .pi / 2) / full - 0.5) < 1e-12)
  }

  @Test("a protocol's duration, metal and steps follow from the flat film's speed")
  func protocolEstimate() throws {
    let hold = Stage(.potential(-0.1), until: Limits(time: 1e6, thickness: 5e-7))
    let strip = Stage(.current(-50), until: Limits(capacity: 1000))
    let estimates = Estimates(of: referenceCase(stages: [hold, Stage(.rest, until: Limits(time: 7)), strip]))
    let speed = try #require(estimates.growthSpeed)
    let stripped = 1000 * 2.375e-5 / Constants.faraday
    #expect(abs(estimates.flat.duration / (4e-7 / speed + 7 + 20) - 1) < 1e-12)
    #expect(abs(estimates.flat.moved / (4e-7 + stripped) - 1) < 1e-12)
    // The rest takes 9 ln(1 + t/t0) more, t0 = 1.5 ℓ²/(2.25 (V_m/F) Γ f i0), and a part of a step.
    let starts = Double(3 * MeasuredCosts.startSteps + 2 * MeasuredCosts.chargingSteps)
    let perCharge = 2.375e-5 / Constants.faraday
    let f = Constants.faraday / (Constants.gas * 298.15)
    let holding = 1.5 * 15e-9 * 15e-9 / (2.25 * perCharge * 0.25 * perCharge * f * 100)
    let resting = MeasuredCosts.settlingSteps * log(1 + 7 / holding)
    #expect((0..<1).contains(estimates.steps - starts - resting - estimates.flat.moved / 1.5e-9))
    #expect(abs(estimates.cells(across: 60e-9) - 6) < 1e-12)
  }

  @Test("a stage without end, one that is over as it begins and one that strips too much are found")
  func endlessProtocol() {
    let wrongWay = Stage(.current(-50), until: Limits(thickness: 5e-7))
    let over = FlatProtocol(referenceCase(stages: [wrongWay]))
    #expect(over.endless.isEmpty && over.passed == [0] && over.duration == 0)
    let noWay = Stage(.rest, until: Limits(thickness: 5e-7))
    #expect(FlatProtocol(referenceCase(stages: [noWay])).endless == [0])
    let plate = Stage(.current(50), until: Limits(thickness: 5e-7))
    let tooMuch = Stage(.current(-50), until: Limits(time: 1e4))
    let flat = FlatProtocol(referenceCase(stages: [plate, tooMuch]))
    #expect(flat.endless.isEmpty && flat.emptied == 1)
    #expect(abs(flat.moved / 9e-7 - 1) < 1e-12)
    let untilVoltage = Stage(.current(-50), until: Limits(voltage: 0.1))
    #expect(FlatProtocol(referenceCase(stages: [plate, untilVoltage])).emptied == nil)
    let untilEither = Stage(.current(-50), until: Limits(capacity: 1e6, voltage: 0.1))
    let either = FlatProtocol(referenceCase(stages: [plate, untilEither]))
    #expect(either.emptied == nil && either.overdrawn == [1])
  }

  @Test(
    "a rest to a voltage that V does not come to on its way to 0 V is found, and one that begins beyond it")
  func endlessRest() throws {
    let plate = Stage(.current(50), until: Limits(thickness: 5e-7))
    let loaded = try #require(referenceCase().flatFront(under: plate.control)).voltage
    func found(_ stages: Stage...) -> [[Int]] {
      let flat = FlatProtocol(referenceCase(stages: stages))
      return [flat.endless, flat.passed]
    }
    func above(_ voltage: Double, time: Double? = nil) -> Stage {
      Stage(.rest, until: Limits(time: time, voltageAbove: voltage))
    }
    func below(_ voltage: Double) -> Stage { Stage(.rest, until: Limits(voltageBelow: voltage)) }
    #expect(found(plate, above(loaded / 2)) == [[], []])
    for voltage in [0, -loaded] { #expect(found(plate, above(voltage)) == [[1], []], "\(voltage)") }
    for voltage in [loaded, 2 * loaded] { #expect(found(plate, above(voltage)) == [[], [1]], "\(voltage)") }
    #expect(found(plate, below(2 * loaded)) == [[1], []] && found(plate, below(loaded / 2)) == [[], [1]])
    #expect(found(plate, above(-loaded, time: 1)) == [[], []])
    #expect(found(above(0.01)) == [[0], []] && found(above(0)) == [[], [0]])
    // What ends at a cut-off may be there or not; a rest ends somewhere on the way.
    let cutOff = Stage(.current(-50), until: Limits(time: 1, voltage: 0.2))
    #expect(found(plate, cutOff, below(0.15)) == [[], []])
    #expect(found(plate, Stage(.rest, until: Limits(time: 1)), above(loaded / 2)) == [[], []])
    #expect(found(Stage(.potential(-0.1), until: Limits(time: 1)), below(-0.15)) == [[1], []])
  }

  @Test("the metal of seeds is that of their caps")
  func seedThickness() {
    var setup = referenceCase()
    setup.seeds = Seeds(caps: [.init(x: 0, radius: 10e-9)])
    #expect(abs(setup.seedThickness * setup.box.width / (50e-18 * .pi) - 1) < 1e-12)
    setup.box.depth = setup.box.width
    #expect(abs(setup.seedThickness * setup.box.width * setup.box.width / (2000e-27 / 3 * .pi) - 1) < 1e-12)
  }

  @Test("the Wagner number is conductivity over slope and width")
  func wagner() throws {
    let estimates = Estimates(of: referenceCase())
    let front = try #require(estimates.front)
    let f = referenceCase().inverseThermalVoltage
    // C and N of i = C − N, i0 = 100 A/m², have C N = i0² c_i/c0.
    let slope = 0.5 * f * (front.current * front.current + 4e4 * front.surfaceSalt / 1000).squareRoot()
    let number = try #require(estimates.wagnerNumber)
    let conductivity = referenceCase().electrolyte.conductivity.value
    #expect(abs(number * slope * 1e-6 / conductivity - 1) < 1e-12)
  }
}
