// The program of docs/library.md stands between the marks.
// begin
import CaseFiles
import Electrodeposition
import Figures

/// Runs a case until it ends, draws its last moment, and returns the roughness of the film, m.
func runCase(at path: String, changes: [String], picture: String) throws -> Double {
  let file = try CaseFile.read(path: path, overrides: changes)
  let simulation = try Simulation(file.setup, threads: 1)
  while simulation.endReason == nil {
    try simulation.step()
    guard simulation.outputIsDue else { continue }
    let now = simulation.observables
    print("\(now.time) s, \(now.equivalentThickness) m of metal, \(now.currentDensity) A/m²")
  }
  try Picture(simulation.snapshot(), of: file.setup).writePNG(to: picture)
  return simulation.observables.roughness
}
// end
