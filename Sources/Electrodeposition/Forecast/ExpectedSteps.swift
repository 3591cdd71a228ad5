import Spectral

/// How many steps a protocol takes: its surface goes at most 0.15 cells in one, and start-up, contacts and pieces that
/// meet take more (`MeasuredCosts`). Where nothing is driven the profile's hold bounds the step.
package struct ExpectedSteps: Sendable {
  /// Steps of each stage.
  private(set) var stages: [Double] = []
  /// Steps of all stages after each.
  private var left: [Double] = []
  /// Of the steps of a stage, the ones from which a stage starts.
  private(set) var starts: [Int] = []
  /// Steps per way of the surface in each stage, 1/m.
  private var perWay: [Double] = []
  /// Whether pieces have met by the end of each stage.
  private var meets: [Bool] = []
  /// Thickness at which pieces meet, m; 0 for a film, infinite if they never do.
  let closing: Double
  /// The height of a piece grows with this power of its volume.
  private let power: Double

  package init(_ setup: Case, _ flat: FlatProtocol) {
    closing = setup.closingThickness
    power = setup.box.depth == nil ? 1 / 2.0 : 1 / 3.0
    let longest = setup.numerics.maximumFrontStep * setup.discretisation.cell
    let blocked = setup.stages.firstIndex { setup.holdsSeedsBack(under: $0.control) }
    var height = setup.seedHeight
    for (index, stage) in flat.stages.enumerated() {
      let end =
        stage.limitingHeight ?? self.height(at: stage.end, from: stage.start, height, isOpen: true)
      let (way, thickened) = (abs(end - height), abs(stage.end - stage.start))
      // A rest at the start of a run finds nothing charged.
      let control = setup.stages[index].control
      let charges =
        !control.isPotential && (index > 0 || control != .rest)
        && setup.kinetics.doubleLayerCapacitance.value > 0
      let start =
        MeasuredCosts.startSteps + (charges ? MeasuredCosts.chargingSteps : 0)
        + (index == blocked ? setup.heldSteps(in: setup.stages[index]) : 0)
        + (stage.converts ? MeasuredCosts.convertingSteps : 0)
      let meeting = stage.start < closing && stage.end >= closing ? MeasuredCosts.meetingSteps(setup) : 0
      starts.append(start)
      perWay.append(max(1 / longest, thickened > 0 ? stage.exchanges / thickened : 0))
      meets.append(stage.end >= closing)
      let resting = setup.stages[index].control == .rest ? setup.restingSteps(stage.duration) : 0
      stages.append(Double(start + meeting) + max(way / longest, stage.exchanges) + resting)
      height = end
    }
    left = stages.reversed().reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }.dropLast().reversed()
  }

  /// All steps.
  package var total: Double { stages.reduce(0, +) }

  /// Steps of the stages after one.
  func after(_ stage: Int) -> Double { left[stage] }

  /// Steps that a stage still takes where the surface is to go a way, m.
  func steps(way: Double, _ state: State) -> Double {
    let isMeeting = !state.isOpen || meets[state.stage]
    return way * perWay[state.stage] + Double(state.startLeft + (isMeeting ? state.meetingLeft : 0))
  }

  /// Way of the surface, m, while metal of one thickness and height grows (or shrinks) to another thickness.
  func way(from thickness: Double, height: Double, to target: Double, isOpen: Bool) -> Double {
    abs(self.height(at: target, from: thickness, height, isOpen: isOpen) - height)
  }

  /// Height at another thickness: pieces keep their form until they meet, and are a film then.
  private func height(
    at target: Double, from thickness: Double, _ height: Double, isOpen: Bool
  ) -> Double {
    guard isOpen, thickness > 0, thickness < closing else { return height + target - thickness }
    let asPieces = min(max(target, 0), closing)
    return height * pow(asPieces / thickness, power) + max(0, target - asPieces)
  }
}

extension Case {
  /// σ0/(B w), w the width of the box.
  package func wagnerNumber(of front: FlatFront) -> Double {
    electrolyte.conductivity.value / (front.slope * box.width)
  }

  /// What seeds lie on.
  private var seededSurface: Surface? {
    seeds.onIslands == nil ? substrate?.matrix : substrate?.islands?.surface
  }

  /// Whether the contact under the seeds holds them back.
  fileprivate func holdsSeedsBack(under control: Control) -> Bool {
    seededSurface.map { holdsSeedsBack($0.contact, under: control) } ?? false
  }

  /// What the contact passes that holds seeds back under a held potential, A/m²; `nil` where none does.
  package func heldCurrent(under control: Control) -> Double? {
    guard holdsSeedsBack(under: control), case .potential(let voltage) = control,
      case .schottky(let contact)? = seededSurface?.contact
    else { return nil }
    return contact.saturationCurrent(temperature: temperature.value) + abs(voltage)
      / contact.leakResistance.value
  }

  /// Time in which that current takes seeds on islands to the edge of these, s.
  package func heldTime(under control: Control) -> Double? {
    guard let current = heldCurrent(under: control), let on = seeds.onIslands,
      let islands = substrate?.islands
    else { return nil }
    let way = islands.diameter / 2 - on.radius * sin(min(on.angle, .pi / 2))
    return max(discretisation.cell, way) / (current * volumePerCharge)
  }

  /// Steps of a stage in which a contact holds seeds back. In three dimensions they creep all the while.
  fileprivate func heldSteps(in stage: Stage) -> Int {
    guard box.depth != nil, capillaryShift != nil, let time = heldTime(under: stage.control) else {
      return MeasuredCosts.blockedSteps
    }
    return Int(min(1e9, creepingSteps(min(time, stage.limits.time ?? time))))
  }

  /// Whether a contact lets seeds that lie on it pass less current than a flat film takes under a control.
  package func holdsSeedsBack(_ contact: Contact, under control: Control) -> Bool {
    guard seeds.film <= 0, let current = flatCurrent(under: control), case .schottky(let contact) = contact,
      contact.polarity != .conducting
    else { return false }
    return contact.saturationCurrent(temperature: temperature.value) < current
  }

  /// Thickness at which half spheres (half cylinders) in the middle of equal shares of the substrate touch, m; 0 of a
  /// film; infinite where the electrolyte steers the current and tips run ahead.
  fileprivate var closingThickness: Double {
    guard substrate != nil, seeds.film <= 0 else { return 0 }
    let driven = stages.first { $0.control != .rest }?.control
    guard let front = driven.flatMap({ flatFront(under: $0) }),
      wagnerNumber(of: front) > MeasuredCosts.evenWagnerNumber
    else { return .infinity }
    var count = Double(seeds.caps.count)
    if let on = seeds.onIslands, let pitch = substrate?.islands?.pitch {
      count += box.width / pitch * (box.depth.map { $0 / pitch } ?? 1) / Double(on.every)
    }
    guard let depth = box.depth else { return .pi / 8 * box.width / count }
    return .pi / 12 * (box.width * depth / count).squareRoot()
  }

  /// Steps of a rest, beside those that the exchange bounds.
  fileprivate func restingSteps(_ duration: Double) -> Double {
    if capillaryShift == nil { return 0 }
    let isFlat = seeds.caps.isEmpty && seeds.onIslands == nil
    return isFlat
      ? MeasuredCosts.settlingSteps * log1p(duration / holdingTime) : creepingSteps(duration)
  }

  /// Steps of pieces that hardly grow, for a time, s.
  private func creepingSteps(_ duration: Double) -> Double {
    MeasuredCosts.creepingSteps(self) * duration / holdingTime
  }

  /// The time α0 ℓ²/m in which the implicit operator holds the surface where it was extrapolated to (`StepSize.error`), s.
  private var holdingTime: Double {
    let width = discretisation.interfaceWidth
    let slope = kinetics.exchangeCurrentDensity.value * inverseThermalVoltage
    return 1.5 * width * width / (2.25 * volumePerCharge * capillaryConstant * slope)
  }

  /// Height of film and seeds, m.
  fileprivate var seedHeight: Double {
    let caps = seeds.caps.map { $0.z + $0.radius * (1 - cos($0.angle)) }
    let onIslands = seeds.onIslands.map { $0.radius * (1 - cos($0.angle)) } ?? 0
    return max(seeds.film, onIslands, caps.max() ?? 0)
  }
}
