import Spectral

/// To which piece each cell of the box belongs: the one whose core or interface is nearest, in steps from cell
/// to cell. Only used, and only found, while there are several pieces.
final class Regions {
  private let domain: Domain
  private let owner: UnsafeMutablePointer<Int32>
  private var queue: [Int32] = []

  init(_ domain: Domain) {
    self.domain = domain
    owner = .allocate(capacity: domain.grid.cells)
    owner.initialize(repeating: 0, count: domain.grid.cells)
  }

  deinit { owner.deallocate() }

  /// Position of the cell's piece in the moment's list.
  @inline(__always)
  subscript(i: Int) -> Int32 { owner[i] }

  /// Finds the regions of a moment whose pieces and interface are known.
  func update(_ moment: Moment) {
    guard moment.pieces.count > 1 else { return }
    let cells = domain.grid.cells
    var position: [Int32: Int32] = [:]
    for (k, piece) in moment.pieces.enumerated() { position[piece.identity] = Int32(k) }
    queue.removeAll(keepingCapacity: true)
    queue.reserveCapacity(cells)
    owner.update(repeating: -1, count: cells)
    let list = moment.interface
    for j in 0..<list.count where list.piece[j] >= 0 {
      owner[Int(list.cell[j])] = list.piece[j]
      queue.append(list.cell[j])
    }
    for i in 0..<cells where moment.core[i] != 0 && owner[i] < 0 {
      owner[i] = position[moment.core[i]] ?? 0
      queue.append(Int32(i))
    }
    var next = 0
    while next < queue.count {
      let i = Int(queue[next])
      next += 1
      for other in NeighbourCells(i, domain.grid) where owner[other] < 0 {
        owner[other] = owner[i]
        queue.append(Int32(other))
      }
    }
  }
}
