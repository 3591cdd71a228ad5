import Spectral

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The foot of the metal, so deep in the substrate's diffuse surface that nothing reacts there.
///
/// The wall's force turns the interface to Young's angle, and what stands deeper travels up to the contact line,
/// at (V_m/F) B Γ sin²θ/ℓ_s. A foot that rested where it began would hold the contact line back for ever. It
/// follows instead: below the lowest row with kinetics
///
///     ∂d/∂z = cosθ
///
/// which is Young's condition n·n_s = cosθ for the distance d, and its v is that of the row.
struct Foot {
  private let domain: Domain
  /// The lowest row with kinetics; 0 without a substrate.
  private let row: Int
  /// Fall of d/ℓ from row to row downwards, of each column.
  private let slope: [Double]

  init(_ domain: Domain) {
    self.domain = domain
    row = (0..<domain.grid.count.z).first { domain.fluid.base[$0] > Interface.fluidFloor } ?? 0
    let step = domain.grid.spacing.z / domain.width
    slope = domain.surfaceOfColumn.map {
      domain.surfaces.isEmpty ? 0 : step * cos(domain.surfaces[$0].contactAngle.value)
    }
  }

  /// Continues ξ below the row.
  func shape(_ metal: Field) {
    guard row > 0 else { return }
    let n = domain.grid.count
    domain.pool.forPlanes(n.x) { planes in
      for column in planes.lowerBound * n.y..<planes.upperBound * n.y {
        let xi = metal.base + column * n.z
        let edge = xi[row]
        guard edge > Interface.tail, edge < 1 - Interface.tail else {
          xi.update(repeating: edge < 0.5 ? 0 : 1, count: row)
          continue
        }
        let distance = log((1 - edge) / edge)
        for z in 0..<row { xi[z] = 1 / (1 + exp(distance - slope[column] * Double(row - z))) }
      }
    }
  }

  /// Carries v of the row into v w below it.
  func move(_ moment: Moment) {
    guard row > 0 else { return }
    let n = domain.grid.count
    domain.pool.forColumns(domain.grid) { x, y in
      let column = x * n.y + y
      let motion = moment.motion.base + column * n.z
      guard motion[row] != 0 else { return }
      let xi = moment.metal.base + column * n.z
      let perProduct = motion[row] / (xi[row] * (1 - xi[row]))
      for z in 0..<row { motion[z] = perProduct * xi[z] * (1 - xi[z]) }
    }
  }
}
