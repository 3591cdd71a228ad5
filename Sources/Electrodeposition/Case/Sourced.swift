/// Where a number comes from.
///
/// `measured`: read off an experiment; `computed`: follows from other sourced numbers or from theory;
/// `estimated`: a judgement, to be varied; `chosen`: a default of the program's; `given`: set by whoever wrote the case.
public enum Provenance: String, Sendable, Codable, CaseIterable {
  case measured, computed, estimated, chosen, given
}

/// A number with its unit, its source and what kind of number it is. Every physical value in Frond is one.
public struct Sourced: Sendable, Equatable, Codable {
  /// The value, in the SI unit `unit`.
  public var value: Double
  /// The SI unit, as printed.
  public var unit: String
  /// Author, journal, year; or the derivation; or the case file and line.
  public var source: String
  public var kind: Provenance
  /// What else the program knows of the number.
  public var notes: Set<Note>

  public enum Note: String, Sendable, Codable {
    /// An exchange current density that contains the resistance of the solid film.
    case includesFilm
    /// A diffusion coefficient that follows from conductivity and transference number.
    case nernstEinstein
  }

  public init(
    _ value: Double, _ unit: String, _ kind: Provenance, _ source: String, notes: Set<Note> = []
  ) {
    self.value = value
    self.unit = unit
    self.source = source
    self.kind = kind
    self.notes = notes
  }
}
