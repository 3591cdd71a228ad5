/// The current through the collector of one moment, and where it goes, A, positive while plating.
struct Currents: Equatable {
  /// Into metal, into interphase, into the conversion of the substrate, and into double layers.
  var metal = 0.0
  var interphase = 0.0
  var conversion = 0.0
  var layers = 0.0
  var collector = 0.0
  /// What takes cations from the electrolyte.
  var reacting: Double { metal + interphase + conversion }

  init() {}

  init(_ level: TimeLevel) {
    (metal, interphase) = (level.faradaicCurrent, level.interphaseCurrent)
    conversion = level.conversionCurrent
    (layers, collector) = (level.layerCurrent, level.collectorCurrent)
  }

  /// Those to come, from the present moment and the one before.
  init(extrapolated state: State, by bdf: BDF2) {
    let (now, before) = (Currents(state.now), Currents(state.before))
    func foreseen(_ path: KeyPath<Currents, Double>) -> Double {
      bdf.extrapolate(now[keyPath: path], before[keyPath: path])
    }
    (metal, interphase) = (foreseen(\.metal), foreseen(\.interphase))
    conversion = foreseen(\.conversion)
    (layers, collector) = (foreseen(\.layers), foreseen(\.collector))
  }
}

extension State {
  /// Advances the books of charge by a step at some currents.
  func advanceBooks(_ currents: Currents, by bdf: BDF2) {
    reacted.advance(by: bdf, rate: currents.metal)
    interphase.advance(by: bdf, rate: currents.interphase)
    converted.advance(by: bdf, rate: currents.conversion)
    layers.advance(by: bdf, rate: currents.layers)
    collected.advance(by: bdf, rate: currents.collector)
  }

  /// Books charge that passes in no time, C: into metal, into double layers.
  func book(metal: Double = 0, layers charge: Double = 0) {
    reacted.value += metal
    self.charge += metal
    layers.value += charge
    collected.value += metal + charge
    collectorCharge += metal + charge
  }
}
