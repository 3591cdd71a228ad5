/// What the cell is made to do during a stage.
public enum Control: Sendable, Equatable {
  /// Hold the collector at this potential against the reservoir or the counter electrode, V
  /// (negative plates).
  case potential(Double)
  /// Drive this current per projected area, A/m²: positive plates, negative strips.
  case current(Double)
  /// Open circuit: no net current.
  case rest
}

/// What ends a stage: the first limit that is reached. At least one must be set.
public struct Limits: Sendable, Equatable {
  /// Duration of the stage, s.
  public var time: Double?
  /// Charge passed in the stage per projected area, in magnitude, C/m².
  public var capacity: Double?
  /// Equivalent thickness of the metal, m: reached from below while it grows, from above while it shrinks.
  public var thickness: Double?
  /// Largest height of the metal above the substrate, m.
  public var height: Double?
  /// Collector potential, V: crossed in either direction.
  public var voltage: Double?

  public init(
    time: Double? = nil, capacity: Double? = nil, thickness: Double? = nil, height: Double? = nil,
    voltage: Double? = nil
  ) {
    self.time = time
    self.capacity = capacity
    self.thickness = thickness
    self.height = height
    self.voltage = voltage
  }
}

/// One stage of a protocol.
public struct Stage: Sendable, Equatable {
  public var control: Control
  public var limits: Limits

  public init(_ control: Control, until limits: Limits) {
    self.control = control
    self.limits = limits
  }
}
