import CaseFiles
import Electrodeposition

/// The growth rates of waves on a flat front as a table for other programs.
package struct StabilityRates: Sendable {
  private let front: FlatFront?
  private let points: [(wavelength: Double, rate: Double)]

  /// - Parameters:
  ///   - front: whose closed form fills the column of rates on a fine scale of wavelengths; `nil` where there is none.
  ///   - points: rates (1/s) that the solver gives waves, m; in a column and rows of their own.
  package init(_ front: FlatFront?, points: [(wavelength: Double, rate: Double)] = []) {
    self.front = front
    self.points = points
  }

  /// Writes comma-separated values: wavelength, wave number 2π/λ, rate of the closed form, rate of the solver.
  package func write(to path: String) throws {
    var rows: [(length: Double, closed: Double?, solver: Double?)] = []
    if let front, let neutral = front.neutralWavelength, let fastest = front.fastestMode {
      rows = front.growthRates(from: neutral / 4, to: 50 * fastest.wavelength).map { ($0, $1, nil) }
    }
    rows += points.map { ($0, front?.growthRate(waveNumber: 2 * .pi / $0), $1) }
    var text = "wavelength_m,wave_number_per_m,growth_rate_per_s"
    text += points.isEmpty ? "\n" : ",growth_rate_solver_per_s\n"
    for row in rows.sorted(by: { $0.length < $1.length }) {
      text += "\(row.length),\(2 * Double.pi / row.length),\(row.closed.map { "\($0)" } ?? "")"
      text += points.isEmpty ? "\n" : ",\(row.solver.map { "\($0)" } ?? "")\n"
    }
    try WholeFile.write(text.utf8, to: path)
  }
}
