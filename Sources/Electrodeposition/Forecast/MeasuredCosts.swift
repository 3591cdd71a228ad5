/// What runs were measured to cost and no theory gives. Estimates of a run and its progress rest on these alone.
///
/// Steps and wall times are those of the cases in `configs`, which `CostTests` keeps; `make benchmark` measures the
/// time of a step on another machine.
package enum MeasuredCosts {
  /// Steps beside those of the way until a stage takes its longest steps: from a fiftieth of a cell on, each at most half
  /// as long again as the last (15 in sodium-on-nickel, 13 in sodium-needle).
  static let startSteps = 10
  /// Steps in which double layers follow a change of current (rows of the first millisecond on a film of sodium: 22 at
  /// 1 mA/cm², 54 at 10 mA/cm², 49 in the rest after 100 mV).
  static let chargingSteps = 40
  /// Steps that it takes pieces to join and the grooves between them to fill (300 in sodium-on-nisb-no-barrier, 460 at the
  /// small current of sodium-on-nisb-2mA; in three dimensions, where holes close last, 890 in fig1h-3d, 920 without its
  /// barrier and counter electrode).
  static func meetingSteps(_ setup: Case) -> Int { setup.box.depth == nil ? 300 : 900 }
  /// Steps in which seeds that a contact holds back creep over the edge of their islands, in two dimensions (150 in
  /// sodium-on-nisb, 110 in potassium-on-nisb).
  static let blockedSteps = 150
  /// Steps of a layer that is converted, from a fresh one to metal (250 in conversion-nisb).
  static let convertingSteps = 250
  /// Steps of a film at rest each time its age grows by a factor e: what of the profile's hold it still feels dies out,
  /// and the step grows (83 in an hour of a sodium film, 121 in ten).
  static let settlingSteps = 9.0
  /// Steps of pieces at rest in the time in which the profile is held: they creep within the errors of the solves, and
  /// their step stays (4283 in an hour of a cap of sodium; in three dimensions 7 of a cap at rest for 4 s, 2 to 3 of one
  /// that a contact holds back for 20 s).
  static func creepingSteps(_ setup: Case) -> Double { setup.box.depth == nil ? 1.2 : 4 }
  /// σ/(B × box width) from which on charge transfer alone spreads the current: pieces grow alike and meet, and the
  /// electrolyte takes few iterations.
  package static let evenWagnerNumber = 20.0
  /// Memory of a run per cell at its peak, bytes (2040² cells; the solver holds 340 of them).
  package static let bytesPerCell = 560.0

  /// Wall time per cell and step on one core, s: 86 to 120 ns where charge transfer alone spreads the current, 159 to 177
  /// where the electrolyte takes more iterations (sodium-needle, the published cases), 120 to 150 in three dimensions, 180
  /// to 440 with an interphase, whose rates stand in every round of salt and potential.
  package static func secondsPerCellStep(_ setup: Case, wagnerNumber: Double?) -> Double {
    if setup.kinetics.interphase != nil { return 250e-9 }
    if setup.box.depth != nil { return 150e-9 }
    return wagnerNumber ?? 0 > evenWagnerNumber ? 90e-9 : 160e-9
  }
}
