/// The text of `docs/cases.md`: every key of a case file with its type, default and meaning.
public func caseReference() -> String {
  var text = """
    # Case files

    Generated from the schema in `Sources/CaseFiles`; a test keeps it in step. Examples: `configs/`.

    A case is a YAML file. Every physical number carries its unit; a number without one is an error. A number is
    written as `60 nm`, or with its source as

    ```yaml
    contact_angle: {value: 30 deg, kind: estimated, source: "molten Na soaks into NiSb; range 15-60"}
    ```

    `kind` is measured, computed, estimated or chosen (the default), and `source` is compulsory in this form. Plain
    numbers are `chosen`, with the file and line as their source. Any key can be set from the command line:
    `--set box.cell="4 nm"`, `--set protocol.0.hold="-50 mV"`.


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
    case .choice(let on, let alternatives):
      alternatives.map { "`\($0.word)`" }.joined(separator: ", ") + ", or a section with `\(on)`"
    }
  }

  private static func fallback(_ presence: Key.Presence) -> String {
    switch presence {
    case .required: "**required**"
    case .oneOfGroup: "one of these"
    case .someOfGroup: "one or more"
    case .otherwise(let value, .estimated, let why): "`\(value)`, estimated" + (why.isEmpty ? "" : ": \(why)")
    case .otherwise(let value, _, _): "`\(value)`"
    case .optional(let words): words
    }
  }

  static func units() -> String {
    var text = "## Units\n\n| quantity | units |\n|---|---|\n"
    for dimension in Dimension.allCases where dimension != .number {
      let units = dimension.units.map { "`\($0.symbol)`" }.joined(separator: ", ")
      text += "| \(dimension.name.drop { $0 != " " }.dropFirst()) | \(units) |\n"
    }
    return text
      + "\n`µ` for `u`, `²` for `^2`, `Ω` for `ohm`, `°` for `deg`, `·` and `A m^-2` for `A/m^2` are understood.\n"
  }
}
