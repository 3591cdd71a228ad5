import Electrodeposition

/// The text of `docs/cases.md`: every key of a case file with its type, default and meaning.
package func caseReference() -> String {
  var text = """
    # Case files

    Generated from the schema in `Sources/CaseFiles`; a test keeps it in step. Examples: `configs/`.

    A case is a YAML file. Every physical number carries its unit; a number without one is an error. A number is
    written as `60 nm`, or with its source as

    ```yaml
    contact_angle: {value: 30 deg, kind: estimated, source: "molten Na soaks into NiSb; range 15-60"}
    ```

    `kind` is measured, computed, estimated, chosen or given (the default), and `source` is compulsory in this form.
    Plain numbers are `given`, with the file and line as their source. What a case leaves out is taken from the tables
    (`frond info`) and the defaults below, with their kinds and sources; what it gives carries none of them.

    A metal of valence 1 that is not in the table takes `molar_volume`, `surface_energy`,
    `kinetics.exchange_current_density` and its electrolyte from the case; an electrolyte that is not in the table
    `conductivity` and `transference_number`. A substrate is a `material` of the table, or
    has a `name` and numbers of its own. Beside a `material` each number can be given too, and then does not carry the
    table's source. The table's nucleation overpotentials and charges of conversion are for orientation: a case takes its
    own, `seeds.nucleation_overpotential` and `substrate.conversion`.

    ## Changes on the command line

    Any key can be changed with `--set`, which may be repeated. Items of lists go by number, from 0; `+` is a new one.

    | | |
    |---|---|
    | `--set box.cell="4 nm"`, `--set protocol.0.hold="-50 mV"` | another value, or one that was not there |
    | `--set seeds="{film: 20 nm}"` | another section as a whole |
    | `--set box.depth=`, `--set protocol.1=` | nothing: the key, or the item, is taken out |
    | `--set protocol.+="{rest: true, until: {time: 1 min}}"` | another stage at the end |
    | `--set surface_energy.value="0.2 J/m^2"` | another value; kind and source of the old one go with it |
    | `--set substrate.name=Cu`, `--set metal=K` | the numbers beside it become `given for` the old one |

    The folder of a run keeps the changed case in `case.yaml`: the file with these values in their places. It is a case
    like any other, to be read with `frond check` and to be run again.

    ## Protocols

    ```yaml
    protocol:
      - repeat: 100
        stages:
          - plate: 1 mA/cm^2
            until: {capacity: 1 mAh/cm^2, voltage: -200 mV}
          - rest:
            until: {time: 10 min}
          - strip: 1 mA/cm^2
            until: {stripped_share: 0.9, voltage: 200 mV}
      - table: [[0 s, 2 mA/cm^2], [10 s, 0 A/m^2], [30 s, -1 mA/cm^2], [1 min, 0 A/m^2]]
    ```

    Stages follow each other; the first limit that is reached ends one, and one that is passed as it begins ends it at once. A
    group of `stages` repeats, and may hold groups. Repetitions and rows of tables count as stages, \(Stage.most) at most in all;
    a cycle begins with the first stage that plates after one that strips, and `cycles.csv` has a row for each stage and cycle.
    Each stage writes fields and pictures at its start and end: turn them off (`output`) where there are thousands.

    A table may stand in a file of its own, whose name takes the place of the rows: `table: drive-cycle.csv`. The name is a
    path from the folder of the case. The first line names the columns `time` and `current` with their units, in any order;
    other columns and empty lines are passed over. Numbers have a decimal point, commas separate them:

    ```
    time (s),current (mA/cm^2)
    0,2
    10,0
    30,-1
    60,0
    ```

    The case that a run keeps has the rows written out in it, so that it is whole without the file.

    ## Continuing a run

    `frond run FOLDER --resume` goes on with a run that was stopped, from its last checkpoint. With changes, by `--set` or
    in the folder's `case.yaml`, it goes on with one that has ended, too. What may change is what the state does not rest
    on: the limits of the stage under way (the last one of a run that has ended), the stages after it, so also a larger
    `repeat` of the group it is in, `output`, `title` and `reference`. Anything else is refused by its key.


    """
  text += CaseReference.table("The file", Key.root, path: "")
  text += CaseReference.units()
  return text
}

private enum CaseReference {
  /// A table for a section, followed by those of the sections in it.
  static func table(_ title: String, _ keys: [Key], path: String) -> String {
    var text = "## \(title)\n\n| key | value | default | meaning |\n|---|---|---|---|\n"
    for key in keys {
      text += "| `\(key.name)` | \(type(key.form)) | \(fallback(key.presence)) | \(key.meaning) |\n"
    }
    text += "\n"
    for key in keys {
      let inner = path.isEmpty ? key.name : "\(path).\(key.name)"
      switch key.form {
      case .section(let keys, _): text += table("`\(inner)`", keys, path: inner)
      case .list where key.name == "stages": break
      case .list(let keys, _): text += table("`\(inner)`: each item", keys, path: inner + ".N")
      case .choice(let on, let alternatives) where path == "substrate":
        text += choice("`\(inner)` (also of islands)", on, alternatives)
      case .choice(let on, let alternatives) where path.isEmpty:
        text += choice("`\(inner)`", on, alternatives)
      default: break
      }
    }
    return text
  }

  private static func choice(_ name: String, _ on: String, _ alternatives: [Key.Alternative]) -> String {
    var text = ""
    for alternative in alternatives {
      let title = "## \(name) with `\(on): \(alternative.word)`\n\n"
      let body = "\(alternative.meaning)."
      guard !alternative.keys.isEmpty else {
        text += title + body + " No other keys.\n\n"
        continue
      }
      text += title + body + "\n\n" + table("", alternative.keys, path: "-").drop { $0 != "|" }
    }
    return text
  }

  private static func type(_ form: Key.Form) -> String {
    switch form {
    case .text: "text"
    case .name(let words): words.map { "`\($0)`" }.joined(separator: ", ") + " or another"
    case .word(let words): words.map { "`\($0)`" }.joined(separator: ", ")
    case .quantity(.number, let bounds): "number " + bounds.words
    case .quantity(let dimension, let bounds):
      dimension.name.drop { $0 != " " }.dropFirst() + (bounds.words.isEmpty ? "" : " \(bounds.words)")
        + ", `\(dimension.example)`"
    case .count(let least): "whole number, at least \(least)"
    case .flag: "`true` or `false`"
    case .nothing: "nothing"
    case .section(_, let word): "section" + (word.map { " or `\($0)`" } ?? "")
    case .list: "list of sections"
    case .rows(let keys, _): "list of \(Key.Form.row(keys).drop { $0 != "[" }), or the name of a file"
    case .choice(let on, let alternatives):
      alternatives.map { "`\($0.word)`" }.joined(separator: ", ") + ", or a section with `\(on)`"
    }
  }

  private static func fallback(_ presence: Key.Presence) -> String {
    switch presence {
    case .required: "**required**"
    case .requiredWith(let other): "**required** with `\(other)`"
    case .oneOfGroup: "one of these"
    case .someOfGroup: "one or more"
    case .beside(let others): "**required** with " + listed(others.map { "`\($0)`" })
    case .otherwise(let value, .estimated, let why): "`\(value)`, estimated" + (why.isEmpty ? "" : ": \(why)")
    case .otherwise(let value, _, _): "`\(value)`"
    case .optional(let words): words
    }
  }

  static func units() -> String {
    var text = "## Units\n\n| quantity | units | range |\n|---|---|---|\n"
    for dimension in PhysicalDimension.allCases
    where dimension != .number && !PhysicalDimension.ofWholeCells.contains(dimension) {
      let units = dimension.units.map { unit in
        ([unit.symbol] + unit.also).map { "`\($0)`" }.joined(separator: " or ")
      }
      let range = dimension.rangeWords(signed: dimension == .potential) ?? "as the key says"
      text +=
        "| \(dimension.name.drop { $0 != " " }.dropFirst()) | \(units.joined(separator: ", ")) | \(range) |\n"
    }
    return text + """

      A number beyond its range is refused: no cell has it, and the solver has not been tried there. `µ` for `u`, `²` for `^2`,
      `Ω` for `ohm`, `°` for `deg`, `Å` for `angstrom`, `·` and `A m^-2` for `A/m^2` are understood, and names for symbols
      (`hours`, `micrometers`, `volts`, `celsius`). Printed are mA/cm², mAh/cm², mol/L, mV (V from 1 V on), eV and nm (µm from
      1000 nm on), in terminal, tables and pictures alike; `history.csv` and the fields have the units that their names say.

      """
  }
}
