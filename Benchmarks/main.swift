import Electrodeposition
import Spectral

func num(_ v: Double, _ u: String = "1") -> Sourced { Sourced(v, u, .chosen, "test") }
func base(_ stage: Stage, width: Double = 32, height: Double = 128, film: Double = 40, closure: Bool = true) -> Case {
  let cell = 2e-9
  let el = ElectrolyteEntry.all[0].electrolyte(concentration: num(1000), temperature: 298.15, thickness: 10e-6, end: .reservoir)
  return Case(title: "flat", metal: .sodium, temperature: num(298.15), electrolyte: el,
    kinetics: Kinetics(exchangeCurrentDensity: num(100)), surfaceEnergy: num(0.25), substrate: nil,
    seeds: Seeds(film: film * cell), box: Box(width: width * cell, height: height * cell, cell: cell),
    stages: [stage], numerics: Numerics(closure: closure))
}
func line(_ o: Observables) {
  print(o.step, "t", o.time, "dt", o.dt, "V", o.voltage, "i", o.currentDensity, "h", o.meanHeight, "thick", o.equivalentThickness,
    "rough", o.roughness, "pcs", o.pieces, "bare", o.bareFraction, "qerr", o.chargeError, "serr", o.saltError, "def", o.closureDefect, "it", o.potentialIterations, o.saltIterations)
}
let which = CommandLine.arguments.dropFirst().first ?? "flat"
func go(_ c: Case, every: Int = 20, threads: Int = 1, max: Int = 5000) {
  do {
    let c0 = ContinuousClock.now
    let s = try Simulation(c, threads: threads)
    let c1 = ContinuousClock.now
    print("setup", c1 - c0)
    line(s.observables)
    var next = 10e-9
    while s.endReason == nil && s.observables.step < max {
      try s.step()
      if s.observables.step % every == 0 || s.outputIsDue { line(s.observables) }
    }
    print((ContinuousClock.now - c1) / Double(s.observables.step + s.rejectedSteps), "per step")
    line(s.observables)
    print(s.endReason ?? "-", "rejected", s.rejectedSteps)
  } catch { print("FAILED", error) }
}
if which == "flat" {
  go(base(Stage(.current(100), until: Limits(time: 1)), closure: false))
} else if which == "flatV" {
  go(base(Stage(.potential(-0.1), until: Limits(time: 1))))
} else if which == "islands" || which == "nickel" || which == "barrier" {
  let cell = 2e-9
  let el = ElectrolyteEntry.all[0].electrolyte(concentration: num(1000), temperature: 298.15, thickness: 10e-6, end: .reservoir)
  let ohm = Contact.ohmic(resistance: num(1e-7))
  let sch = Contact.schottky(Schottky(polarity: .blocking, barrier: num(0.65), richardson: num(1.2e6), ideality: num(1.0), leakResistance: num(.infinity), bulkResistance: num(0)))
  let sub = Substrate(matrix: Surface(name: "Ni", contactAngle: num(120 * .pi / 180), contact: ohm),
    islands: which == "nickel" ? nil : Islands(diameter: 30e-9, pitch: 60e-9, surface: Surface(name: "Na3Sb", contactAngle: num(30 * .pi / 180), contact: which == "barrier" ? sch : ohm)))
  let c = Case(title: which, metal: .sodium, temperature: num(298.15), electrolyte: el,
    kinetics: Kinetics(exchangeCurrentDensity: num(100)), surfaceEnergy: num(0.25), substrate: sub,
    seeds: which == "nickel" ? Seeds(caps: [.init(x: 150e-9, radius: 10e-9)]) : Seeds(onIslands: .init(radius: 10e-9)),
    box: Box(width: 300e-9, height: which == "nickel" ? 400e-9 : 256e-9, cell: cell),
    stages: [Stage(.potential(-0.1), until: Limits(thickness: 100e-9))], output: OutputSchedule(everyThickness: 10e-9))
  go(c, every: 50)
}
