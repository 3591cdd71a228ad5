@testable import Electrodeposition
@testable import Verification

/// A film of 40 nm below 10 µm of electrolyte, i0 = 10 A/m².
func film(
  _ stages: [Stage], contact: Contact = PlainCell.ohmic, change: (inout PlainCell) -> Void = { _ in }
)
  throws -> Simulation
{
  var cell = PlainCell()
  (cell.width, cell.height, cell.exchange) = (16, 64, 10)
  cell.seeds = Seeds(film: 20 * cell.cell)
  cell.substrate = Substrate(matrix: PlainCell.surface("collector", .pi / 2, contact))
  cell.stages = stages
  change(&cell)
  return try Simulation(cell.setup, threads: 1)
}

/// Every row of a run to its end.
func rows(_ simulation: Simulation) throws -> [Observables] {
  var list = [simulation.observables]
  while simulation.endReason == nil {
    try simulation.step()
    list.append(simulation.observables)
  }
  return list
}
