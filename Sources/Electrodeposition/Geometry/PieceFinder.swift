import Spectral

/// Which metal is connected to which, and what each piece touches.
///
/// The core of a piece: connected cells with ξ > 0.5; a core cell leaves only below ξ = 0.4. A piece
/// without a cell above 0.5 is none.
/// Interface cells outside the core belong to the piece that one reaches by climbing ξ. Metal that belongs to
/// no piece does not react.
final class PieceFinder {
  private let domain: Domain
  private static let joins = 0.5
  private static let leaves = 0.4
  /// Position of a cell in the interface list, −1 outside.
  private let position: UnsafeMutablePointer<Int32>
  private var stack: [Int32] = []
  private let trace: ContactTrace

  init(_ domain: Domain, wallDistance: ColumnValues) {
    self.domain = domain
    trace = ContactTrace(domain, wallDistance: wallDistance)
    position = .allocate(capacity: domain.grid.cells)
    position.initialize(repeating: -1, count: domain.grid.cells)
  }

  deinit { position.deallocate() }

  /// Finds the pieces of `trial`, whose ξ and interface list are new, from those of `now`.
  ///
  /// - Returns: true when pieces appeared, merged, split or vanished.
  func update(_ trial: TimeLevel, from now: TimeLevel, nextIdentity: inout Int32) -> Bool {
    domain.forPlanes { (trial.core + $0.lowerBound).update(from: now.core + $0.lowerBound, count: $0.count) }
    trial.pieces = now.pieces
    var changed = false
    if !growCores(trial) || someHaveFaded(trial) {
      relabel(trial, from: now, &nextIdentity)
      changed = trial.pieces.map(\.identity) != now.pieces.map(\.identity)
    }
    assign(trial)
    return changed
  }

  /// Finds the pieces of a first moment from nothing but its ξ.
  func find(_ level: TimeLevel, nextIdentity: inout Int32) {
    level.core.update(repeating: 0, count: domain.grid.cells)
    level.pieces = []
    relabel(level, from: level, &nextIdentity)
    assign(level)
  }

  /// Rebuilds the interface cells' pieces and the contacts of a moment whose cores and pieces are known.
  func rebuildLabels(_ level: TimeLevel) { assign(level) }

  private func isCore(_ i: Int, _ level: TimeLevel) -> Bool {
    let xi = level.metal.base[i]
    return xi > Self.joins || (xi > Self.leaves && level.core[i] != 0)
  }

  /// Lets cells join the one piece they touch. Gives up (false) when a cell leaves, stands alone or touches
  /// two pieces: then everything is labelled anew.
  private func growCores(_ level: TimeLevel) -> Bool {
    let list = level.interface
    for j in 0..<list.count {
      let i = Int(list.cell[j])
      let core = isCore(i, level)
      if core == (level.core[i] != 0) { continue }
      guard core else { return false }
      var found: Int32 = 0
      var isUnique = true
      domain.grid.forNeighbours(of: i) { other in
        let identity = level.core[other]
        guard identity != 0 else { return }
        if found != 0 && found != identity { isUnique = false }
        found = identity
      }
      guard found != 0 && isUnique else { return false }
      level.core[i] = found
    }
    return true
  }

  /// Whether a piece has no cell above one half any more.
  private func someHaveFaded(_ level: TimeLevel) -> Bool {
    let list = level.interface
    var alive = Set<Int32>()
    var last: Int32 = 0
    for j in 0..<list.count {
      let i = Int(list.cell[j])
      // Neighbours in the list mostly belong to one piece.
      guard level.core[i] != last, level.metal.base[i] > Self.joins else { continue }
      last = level.core[i]
      alive.insert(last)
    }
    return level.pieces.contains { !alive.contains($0.identity) }
  }

  // MARK: Labelling from scratch

  /// Flood fill. A component keeps the identity it shares most cells with; the largest component that claims
  /// an identity gets it, others (nuclei, split-off pieces) get new ones.
  private func relabel(_ level: TimeLevel, from now: TimeLevel, _ nextIdentity: inout Int32) {
    let cells = domain.grid.cells
    var components: [Component] = []
    let mark = UnsafeMutablePointer<Int32>.allocate(capacity: cells)
    defer { mark.deallocate() }
    for i in 0..<cells { mark[i] = isCore(i, level) ? -1 : 0 }
    for i in 0..<cells where mark[i] == -1 {
      let component = flood(from: i, as: Int32(components.count + 1), mark, level)
      if component.isMetal {
        components.append(component)
      } else {
        for k in i..<cells where mark[k] == Int32(components.count + 1) { mark[k] = 0 }
      }
    }
    let identities = nameComponents(components, &nextIdentity)
    for i in 0..<cells { level.core[i] = mark[i] > 0 ? identities[Int(mark[i]) - 1] : 0 }
    level.pieces = zip(components, identities).map { component, identity in
      let parent = component.mainParent
      let potential = now.pieces.first { $0.identity == parent }?.potential ?? now.voltage
      return Piece(identity: identity, potential: potential)
    }.sorted { $0.identity < $1.identity }
  }

  private struct Component {
    var size = 0
    /// It has a cell above one half.
    var isMetal = false
    var overlap: [Int32: Int] = [:]
    /// The old piece it shares most cells with (the older one if equal), 0 for none.
    var mainParent: Int32 {
      overlap.max { ($0.value, -$0.key) < ($1.value, -$1.key) }?.key ?? 0
    }
  }

  private func flood(
    from start: Int, as label: Int32, _ mark: UnsafeMutablePointer<Int32>, _ level: TimeLevel
  ) -> Component {
    var component = Component()
    stack.removeAll(keepingCapacity: true)
    stack.append(Int32(start))
    mark[start] = label
    while let top = stack.popLast() {
      let i = Int(top)
      component.size += 1
      if level.metal.base[i] > Self.joins { component.isMetal = true }
      if level.core[i] != 0 { component.overlap[level.core[i], default: 0] += 1 }
      domain.grid.forNeighbours(of: i) { other in
        guard mark[other] == -1 else { return }
        mark[other] = label
        stack.append(Int32(other))
      }
    }
    return component
  }

  private func nameComponents(_ components: [Component], _ nextIdentity: inout Int32) -> [Int32] {
    var owner: [Int32: Int] = [:]
    for (n, component) in components.enumerated() where component.mainParent != 0 {
      let parent = component.mainParent
      let share = component.overlap[parent] ?? 0
      if let other = owner[parent], (components[other].overlap[parent] ?? 0) >= share { continue }
      owner[parent] = n
    }
    var identities = components.enumerated().map { n, component in
      owner[component.mainParent] == n ? component.mainParent : 0
    }
    // New ones by size, not by place: cells halfway between two pieces go to the one of smaller number.
    let new = identities.indices.filter { identities[$0] == 0 }
    for n in new.sorted(by: { (components[$0].size, $1) > (components[$1].size, $0) }) {
      identities[n] = nextIdentity
      nextIdentity += 1
    }
    return identities
  }

  // MARK: Interface cells and contacts

  /// Gives each interface cell its piece, and each piece its areas.
  private func assign(_ level: TimeLevel) {
    let list = level.interface
    domain.forInterface(list) { places in
      for j in places {
        position[Int(list.cell[j])] = Int32(j)
        list.piece[j] = -2
      }
    }
    var pieceOf: [Int32: Int32] = [:]
    for (k, piece) in level.pieces.enumerated() { pieceOf[piece.identity] = Int32(k) }
    domain.forInterface(list) { places in
      withUnsafeTemporaryAllocation(of: Int.self, capacity: 128) { path in
        for j in places where list.piece[j] == -2 { climb(from: j, within: places, path, level, pieceOf) }
      }
    }
    domain.forInterface(list) { for j in $0 { position[Int(list.cell[j])] = -1 } }
    trace.measure(level, pieceOf)
  }

  /// Follows the steepest way up in ξ to a core, and labels what of the way lies within some places: others look at the
  /// rest. `path` has room for the way, or its beginning.
  private func climb(
    from start: Int, within places: Range<Int>, _ path: UnsafeMutableBufferPointer<Int>, _ level: TimeLevel,
    _ pieceOf: [Int32: Int32]
  ) {
    let list = level.interface
    let xi = level.metal.base
    var length = 0
    var i = Int(list.cell[start])
    var found: Int32 = -1
    while true {
      let j = Int(position[i])
      if places.contains(j) {
        if list.piece[j] != -2 {
          found = list.piece[j]
          break
        }
        if length < path.count {
          path[length] = j
          length += 1
        }
      }
      if level.core[i] != 0 {
        found = pieceOf[level.core[i]] ?? -1
        break
      }
      var best = i
      domain.grid.forNeighbours(of: i) { other in
        if xi[other] > xi[best] { best = other }
      }
      if best == i { break }
      i = best
    }
    for j in path[..<length] { list.piece[j] = found }
  }
}
