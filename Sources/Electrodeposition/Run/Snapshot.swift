import Spectral

/// The fields of one moment, for files and pictures. One value per cell, z fastest.
public struct Snapshot: Sendable {
  public struct Item: Sendable {
    public let name: String
    public let unit: String
    public let values: [Double]

    package init(name: String, unit: String, values: [Double]) {
      self.name = name
      self.unit = unit
      self.values = values
    }
  }
  public let grid: Grid
  /// Bottom of the box above the substrate's surface, m: above zero where a moving window has left it.
  public let bottom: Double
  /// Whether the bottom of the box is the surface of a substrate.
  public let hasSubstrate: Bool
  /// One flag per column (x·ny + y): true on an island.
  public let onIsland: [Bool]
  /// `metal` (ξ, 1), `salt` (mol/m^3), `potential` (V), `piece` (its number, below zero where it has no electronic contact,
  /// 0 for none); with an interphase (SEI) `sei_thickness` (m), 0 away from the surface.
  public let items: [Item]
  public let observables: Observables

  package init(
    grid: Grid, bottom: Double = 0, hasSubstrate: Bool, onIsland: [Bool], items: [Item],
    observables: Observables
  ) {
    self.grid = grid
    self.bottom = bottom
    self.hasSubstrate = hasSubstrate
    self.onIsland = onIsland
    self.items = items
    self.observables = observables
  }

  public subscript(name: String) -> [Double]? { items.first { $0.name == name }?.values }
}

extension Simulation {
  /// The present moment as fields.
  public func snapshot() -> Snapshot {
    let now = state.now
    return Snapshot(
      grid: domain.grid, bottom: domain.bottom,
      hasSubstrate: !domain.wall.surfaces.isEmpty && domain.raised == 0,
      onIsland: (0..<domain.grid.columns).map {
        domain.wall.edgeDistance(domain.grid.place(ofColumn: $0)) <= 0
      },
      items: [
        .init(name: "metal", unit: "1", values: now.metal.values),
        .init(name: "salt", unit: "mol/m^3", values: now.salt.values),
        .init(name: "potential", unit: "V", values: now.potential.values),
        .init(name: "piece", unit: "1", values: pieceLabels),
      ]
        + (now.interphase.map {
          [.init(name: "sei_thickness", unit: "m", values: $0.thickness.values.map { max($0, 0) })]
        } ?? []),
      observables: observables)
  }
}
