/// The keys of a case file that say what is there at the start, what happens, and what is written.
extension Key {
  static let seeds: [Key] = [
    Key("film", .quantity(.length, .positive), .optional("none"), "thickness of a flat film"),
    Key("on_islands", .section(onIslands, orWord: nil), .optional("none"), "a cap centred on islands"),
    Key("caps", .list(cap, atLeast: 1), .optional("none"), "caps at given places"),
    Key(
      "nucleation_overpotential", .quantity(.potential, .zeroOrMore),
      .optional("none: they are there at the start"),
      "the seeds appear as soon as the potential of a collector without metal is this far below zero"),
  ]

  private static let angle = Key(
    "angle", .quantity(.angle, .wetting), .otherwise("90 deg", .chosen, "half sphere"),
    "angle of the cap at birth; 90 deg is a half sphere centred on the surface")

  private static let onIslands: [Key] = [
    Key("radius", .quantity(.length, .positive), .required, "radius of the sphere"), angle,
    Key(
      "every", .count(from: 1), .otherwise("1", .chosen, ""),
      "1: on each island; 2: on every second one; and so on"),
  ]

  private static let cap: [Key] = [
    Key("x", .quantity(.length, .zeroOrMore), .required, "position from the box's corner"),
    Key(
      "y", .quantity(.length, .zeroOrMore), .otherwise("0 nm", .chosen, ""),
      "the same; ignored in two dimensions"),
    Key(
      "z", .quantity(.length, .zeroOrMore), .otherwise("0 nm", .chosen, ""),
      "height on which the cap sits; 0 is the substrate's surface"),
    Key("radius", .quantity(.length, .positive), .required, "radius of the sphere"), angle,
  ]

  /// How deep groups of stages may be nested.
  static let deepestGroup = 4

  /// - Parameter depth: of the group that the stage is in; 0 is the protocol.
  static func stage(depth: Int = 0) -> [Key] {
    depth < deepestGroup ? single + group(of: stage(depth: depth + 1)) : single
  }

  private static func group(of stages: [Key]) -> [Key] {
    [
      Key("repeat", .count(from: 1), .oneOfGroup, "go through the group of `stages` so many times"),
      Key(
        "stages", .list(stages, atLeast: 1), .beside(["repeat"]),
        "stages of the group, each as in `protocol`; a group may hold groups, \(deepestGroup) deep"),
    ]
  }

  private static let single: [Key] = [
    Key(
      "hold", .quantity(.potential, .from(-10, to: 10, "between -10 V and 10 V")), .oneOfGroup,
      "hold the collector at this potential; negative plates"),
    Key("plate", .quantity(.currentDensity, .positive), .oneOfGroup, "deposit metal at this current"),
    Key("strip", .quantity(.currentDensity, .positive), .oneOfGroup, "dissolve metal at this current"),
    Key("rest", .nothing, .oneOfGroup, "no net current (`rest:` alone, or `rest: true`)"),
    Key(
      "table", .rows(entry, atLeast: 2), .oneOfGroup,
      "currents at times, as `[[0 s, 1 mA/cm^2], [10 s, 0 A/m^2], [30 s, -2 mA/cm^2], [1 min, 0 A/m^2]]`: each flows from its "
        + "time on, counted from the first row's, positive plates, 0 rests; the last time ends the stage, and its current is not "
        + "driven. Each row but the last counts as a stage. Or the name of a file with such rows, see above"),
    Key(
      "until", .section(limits, orWord: nil), .beside(["hold", "plate", "strip", "rest"]),
      "what ends the stage: the first limit reached"),
  ]

  private static let entry: [Key] = [
    Key("time", .quantity(.time, .zeroOrMore), .required, "0 s in the first row, then later in each"),
    Key("current", .quantity(.currentDensity, .any), .required, "from then on"),
  ]

  private static let limits: [Key] = [
    Key("time", .quantity(.time, .positive), .someOfGroup, "duration of the stage"),
    Key("capacity", .quantity(.capacity, .positive), .someOfGroup, "charge passed in the stage"),
    Key(
      "thickness", .quantity(.length, .positive), .someOfGroup,
      "equivalent thickness of the metal: at least this while plating (`plate`, or `hold` below zero), at most this while "
        + "stripping; a limit that is passed as the stage begins ends it at once"),
    Key(
      "height", .quantity(.length, .positive), .someOfGroup,
      "largest height of the metal; from below and above as for thickness"),
    Key(
      "voltage", .quantity(.potential, .any), .someOfGroup,
      "potential of the collector: at most this while plating, at least this while stripping"),
    Key(
      "voltage_above", .quantity(.potential, .any), .someOfGroup,
      "potential of the collector at rest: at least this; a rest that begins there or above ends at once"),
    Key(
      "voltage_below", .quantity(.potential, .any), .someOfGroup,
      "potential of the collector at rest: at most this; a rest that begins there or below ends at once"),
    Key(
      "stripped_share", .quantity(.number, .fraction), .someOfGroup,
      "share that is stripped of the metal there was when the last stage that plated ended (of that at the start, where none "
        + "has), seeds included: 0.8 leaves a fifth; of `strip`, and `hold` above zero"),
    Key(
      "current", .quantity(.currentDensity, .positive), .someOfGroup,
      "current density, in magnitude, of a potential that is held: at most this"),
  ]

  static let output: [Key] = [
    Key(
      "every_thickness", .quantity(.length, .from(1e-12, to: 1, "from 1 pm to 1 m")),
      .optional("not by thickness"),
      "write each time the equivalent thickness has changed by this"),
    Key("every_time", .quantity(.time, .positive), .optional("not by time"), "write at this interval"),
    Key(
      "history_every", .count(from: 1), .otherwise("1", .chosen, ""),
      "steps between rows of `history.csv`; where there are \(HistoryInterval.mostRows) it doubles, and every second row goes. "
        + "Moments of output and ends of stages keep their rows"),
    Key("fields", .flag, .otherwise("true", .chosen, ""), "write the fields"),
    Key("pictures", .flag, .otherwise("true", .chosen, ""), "draw pictures"),
    Key(
      "checkpoint_every", .quantity(.time, .from(1e-3, to: 1e9, "from 1 ms to 1e9 s")),
      .otherwise("60 s", .chosen, ""),
      "wall-clock time between checkpoints"),
  ]

  static let numerics: [Key] = [
    width("interface_width", "width ℓ of the metal's profile, in cells"),
    number("mobility_factor", "1", .positive, "multiplies the profile mobility"),
    number("maximum_front_step", "0.15", .fraction, "largest motion of the interface in a step, in cells"),
    number("front_tolerance", "5e-3", .fraction, "accepted error of the front in a step, in cells"),
    number(
      "potential_tolerance", "1e-3", .fraction,
      "accepted error of the potential, in RT/F; stricter near equilibrium, and ten times for a cation alone"),
    number(
      "salt_tolerance", "1e-4", .fraction,
      "accepted error of the salt, relative to its smallest value; stricter near equilibrium"),
    number("maximum_salt_change", "0.05", .fraction, "largest change of the salt in a step, relative"),
    Key(
      "initial_step", .quantity(.time, .positive), .optional("derived from the case"),
      "first time step after the start or a change of stage; without it double layers are resolved"),
    Key(
      "minimum_step", .quantity(.time, .positive), .optional("derived from the case"),
      "the run fails below this time step; steps cut to hit a moment may be shorter"),
    Key("random_seed", .count(from: 0), .otherwise("1", .chosen, ""), "seed of every random number"),
  ]

  private static func width(_ name: String, _ meaning: String) -> Key {
    number(name, "1.5", .from(0.75, to: 10, "between 0.75 and 10"), meaning)
  }

  private static func number(_ name: String, _ value: String, _ bounds: Bounds, _ meaning: String) -> Key {
    Key(name, .quantity(.number, bounds), .otherwise(value, .chosen, "numerical choice"), meaning)
  }
}
