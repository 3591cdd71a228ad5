import Spectral

/// Pieces that have no electronic contact any more.
extension Simulation {
  /// Positions of the pieces of the present moment that float.
  private var deadPieces: [Int] {
    let pieces = state.now.pieces
    return pieces.indices.filter { !potentialSolver.network.isConnected(pieces[$0]) }
  }

  /// Metal in them, m³. Metal that is too thin to be a piece is not in it.
  var deadMetal: Double {
    let dead = deadPieces
    guard !dead.isEmpty else { return 0 }
    let now = state.now
    func share(_ i: Int) -> Double { domain.volume.share(Vector(repeating: now.metal.base[i]))[0] }
    let isDead = state.now.pieces.indices.map { dead.contains($0) }
    let identities = Set(dead.map { now.pieces[$0].identity })
    var metal = domain.overPlanes(+) { cells in
      let sum = cells.reduce(0.0) { sum, i in
        guard now.core[i] != 0, identities.contains(now.core[i]) else { return sum }
        return sum + share(i)
      }
      return SIMD4(sum, 0, 0, 0)
    }[0]
    // The tails of their surfaces.
    let list = now.interface
    for j in 0..<list.count where list.piece[j] >= 0 && isDead[Int(list.piece[j])] {
      let i = Int(list.cell[j])
      if now.core[i] == 0 { metal += share(i) }
    }
    // What lies below the box belongs to the piece that fills its lowest row.
    let below = identities.contains(now.core[0]) ? domain.metalBelow : 0
    return below + metal * domain.grid.cellVolume
  }

  /// The piece that each cell belongs to: its number, below zero where it has no electronic contact, 0 for none.
  var pieceLabels: [Double] {
    let dead = Set(deadPieces.map { state.now.pieces[$0].identity })
    return (0..<domain.grid.cells).map { i in
      let identity = state.now.core[i]
      return Double(dead.contains(identity) ? -identity : identity)
    }
  }
}
