import Spectral

/// Which metal is connected to which, and what each piece touches.
///
/// The core of a piece: connected cells with ξ > 0.5 and ψ > 0.1; a core cell leaves only below ξ = 0.4.
/// Interface cells outside the core belong to the piece that one reaches by climbing ξ. Metal that belongs to
/// no piece does not react.
final class PieceFinder {
  private let domain: Domain
  /// ψ from which on a cell can be core.
  private static let coreFluid = 0.1
  private static let joins = 0.5
  private static let leaves = 0.4
  /// Position of a cell in the interface list, −1 outside.
  private let position: UnsafeMutablePointer<Int32>
  private var stack: [Int32] = []
  /// |∇ψ| along z, 1/m, and the rows where it counts.
  private let surfaceDensity: [Double]
  private let surfaceRows: Range<Int>
  /// Of each piece, the contact with each kind of surface, per volume of a cell.
  private var areas: [SIMD4<Double>] = []

  init(_ domain: Domain) {
    self.domain = domain
    position = .allocate(capacity: domain.grid.cells)
    position.initialize(repeating: -1, count: domain.grid.cells)
    let psi = (0..<domain.grid.count.z).map { domain.fluid.base[$0] }
    surfaceDensity = psi.map { $0 * (1 - $0) / domain.substrateWidth }
    let rows = psi.indices.filter { psi[$0] * (1 - psi[$0]) > 1e-6 }
    surfaceRows = domain.hasSubstrate ? (rows.first ?? 0)..<(rows.last ?? -1) + 1 : 0..<0
  }

  deinit { position.deallocate() }

  /// Finds the pieces of `next`, whose ξ and interface list are new, from those of `now`.
  ///
  /// - Returns: true when pieces appeared, merged, split or vanished.
  func update(_ next: Moment, from now: Moment, nextIdentity: inout Int32) -> Bool {
    domain.forPlanes { (next.core + $0.lowerBound).update(from: now.core + $0.lowerBound, count: $0.count) }
    next.pieces = now.pieces
    var changed = false
    if !growCores(next) {
      relabel(next, from: now, &nextIdentity)
      changed = next.pieces.map(\.identity) != now.pieces.map(\.identity)
    }
    assign(next)
    return changed
  }

  /// Finds the pieces of a first moment from nothing but its ξ.
  func find(_ moment: Moment, nextIdentity: inout Int32) {
    moment.core.update(repeating: 0, count: domain.grid.cells)
    moment.pieces = []
    relabel(moment, from: moment, &nextIdentity)
    assign(moment)
  }

  /// Rebuilds the interface cells' pieces and the contacts of a moment whose cores and pieces are known.
  func recall(_ moment: Moment) { assign(moment) }

  private func isCore(_ i: Int, _ moment: Moment) -> Bool {
    let xi = moment.metal.base[i]
    return xi > Self.leaves && domain.fluid.base[i] > Self.coreFluid
      && (xi > Self.joins || moment.core[i] != 0)
  }

  /// Lets cells join the one piece they touch. Gives up (false) when a cell leaves, stands alone or touches
  /// two pieces: then everything is labelled anew.
  private func growCores(_ moment: Moment) -> Bool {
    let list = moment.interface
    for j in 0..<list.count {
      let i = Int(list.cell[j])
      let core = isCore(i, moment)
      if core == (moment.core[i] != 0) { continue }
      guard core else { return false }
      var found: Int32 = 0
      var isUnique = true
      domain.grid.forNeighbours(of: i) { other in
        let identity = moment.core[other]
        guard identity != 0 else { return }
        if found != 0 && found != identity { isUnique = false }
        found = identity
      }
      guard found != 0 && isUnique else { return false }
      moment.core[i] = found
    }
    return true
  }

  // MARK: Labelling from scratch

  /// Flood fill. A component keeps the identity it shares most cells with; the largest component that claims
  /// an identity gets it, others (nuclei, split-off pieces) get new ones.
  private func relabel(_ moment: Moment, from now: Moment, _ nextIdentity: inout Int32) {
    let cells = domain.grid.cells
    var components: [Component] = []
    let mark = UnsafeMutablePointer<Int32>.allocate(capacity: cells)
    defer { mark.deallocate() }
    for i in 0..<cells { mark[i] = isCore(i, moment) ? -1 : 0 }
    for i in 0..<cells where mark[i] == -1 {
      components.append(flood(from: i, as: Int32(components.count + 1), mark, moment))
    }
    let identities = nameComponents(components, &nextIdentity)
    for i in 0..<cells { moment.core[i] = mark[i] > 0 ? identities[Int(mark[i]) - 1] : 0 }
    moment.pieces = zip(components, identities).map { component, identity in
      let parent = component.mainParent
      let potential = now.pieces.first { $0.identity == parent }?.potential ?? now.voltage
      return Piece(identity: identity, potential: potential)
    }.sorted { $0.identity < $1.identity }
  }

  private struct Component {
    var size = 0
    var overlap: [Int32: Int] = [:]
    /// The old piece it shares most cells with (the older one if equal), 0 for none.
    var mainParent: Int32 {
      overlap.max { ($0.value, -$0.key) < ($1.value, -$1.key) }?.key ?? 0
    }
  }

  private func flood(
    from start: Int, as label: Int32, _ mark: UnsafeMutablePointer<Int32>, _ moment: Moment
  ) -> Component {
    var component = Component()
    stack.removeAll(keepingCapacity: true)
    stack.append(Int32(start))
    mark[start] = label
    while let top = stack.popLast() {
      let i = Int(top)
      component.size += 1
      if moment.core[i] != 0 { component.overlap[moment.core[i], default: 0] += 1 }
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
    return components.enumerated().map { n, component in
      if component.mainParent != 0 && owner[component.mainParent] == n { return component.mainParent }
      nextIdentity += 1
      return nextIdentity - 1
    }
  }

  // MARK: Interface cells and contacts

  /// Gives each interface cell its piece, and each piece its areas.
  private func assign(_ moment: Moment) {
    let list = moment.interface
    domain.forInterface(list) { places in
      for j in places {
        position[Int(list.cell[j])] = Int32(j)
        list.piece[j] = -2
      }
    }
    var pieceOf: [Int32: Int32] = [:]
    for (k, piece) in moment.pieces.enumerated() { pieceOf[piece.identity] = Int32(k) }
    domain.forInterface(list) { places in
      withUnsafeTemporaryAllocation(of: Int.self, capacity: 128) { path in
        for j in places where list.piece[j] == -2 { climb(from: j, within: places, path, moment, pieceOf) }
      }
    }
    domain.forInterface(list) { for j in $0 { position[Int(list.cell[j])] = -1 } }
    measureContacts(moment, pieceOf)
  }

  /// Follows the steepest way up in ξ to a core, and labels what of the way lies within some places: others look at the
  /// rest. `path` has room for the way, or its beginning.
  private func climb(
    from start: Int, within places: Range<Int>, _ path: UnsafeMutableBufferPointer<Int>, _ moment: Moment,
    _ pieceOf: [Int32: Int32]
  ) {
    let list = moment.interface
    let xi = moment.metal.base
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
      if moment.core[i] != 0 {
        found = pieceOf[moment.core[i]] ?? -1
        break
      }
      if domain.fluid.base[i] <= Self.coreFluid {
        // Below the surface ξ may have maxima of its own; what stands above decides.
        i += 1
        continue
      }
      var best = i
      domain.grid.forNeighbours(of: i) { other in
        if domain.fluid.base[other] > Self.coreFluid && xi[other] > xi[best] { best = other }
      }
      if best == i { break }
      i = best
    }
    for j in path[..<length] { list.piece[j] = found }
  }

  /// ∫|∇ψ| S(ξ) dV of each piece on each kind of surface, S = smoothstep((ξ−0.5)/0.4).
  ///
  /// S is zero where ξ ≤ 0.5: with the plain ξ the diffuse tail of a seed would touch a conductor ten
  /// nanometres away and short it.
  private func measureContacts(_ moment: Moment, _ pieceOf: [Int32: Int32]) {
    let kinds = max(1, domain.surfaces.count)
    for k in moment.pieces.indices where moment.pieces[k].contactArea.count != kinds {
      moment.pieces[k].contactArea = [Double](repeating: 0, count: kinds)
    }
    if !domain.hasSubstrate { return touchBottom(moment, pieceOf) }
    let (depth, height) = (domain.grid.count.y, domain.grid.count.z)
    domain.sumByRange(moment.pieces.count, into: &areas) { planes, own in
      var (identity, piece): (Int32, Int32?) = (0, nil)
      for column in planes.lowerBound * depth..<planes.upperBound * depth {
        let base = column * height
        for z in surfaceRows {
          let s = smoothstep((moment.metal.base[base + z] - 0.5) / 0.4)
          guard s > 0 else { continue }
          let found = identityAbove(base, z, moment)
          if found != identity { (identity, piece) = (found, pieceOf[found]) }
          guard let piece else { continue }
          own[Int(piece)][domain.surfaceOfColumn[column]] += surfaceDensity[z] * s
        }
      }
    }
    for k in moment.pieces.indices {
      for kind in 0..<kinds { moment.pieces[k].contactArea[kind] = areas[k][kind] * domain.grid.cellVolume }
    }
  }

  /// Without a substrate the metal on the bottom of the box is the electrode.
  private func touchBottom(_ moment: Moment, _ pieceOf: [Int32: Int32]) {
    let grid = domain.grid
    for k in moment.pieces.indices { moment.pieces[k].contactArea[0] = 0 }
    for column in 0..<grid.columns {
      guard let k = pieceOf[moment.core[column * grid.count.z]] else { continue }
      moment.pieces[Int(k)].contactArea[0] += grid.spacing.x * grid.spacing.y
    }
  }

  /// The piece at a cell of the substrate's diffuse surface: the first core upwards; 0 for none.
  private func identityAbove(_ base: Int, _ row: Int, _ moment: Moment) -> Int32 {
    for z in row..<min(surfaceRows.upperBound, domain.grid.count.z) where moment.core[base + z] != 0 {
      return moment.core[base + z]
    }
    return 0
  }

  private func smoothstep(_ t: Double) -> Double {
    let u = max(0, min(1, t))
    return u * u * (3 - 2 * u)
  }
}

extension Grid {
  /// Calls `body` with the four or six face neighbours of a cell: periodic sideways, none beyond the ends of z.
  @inline(__always)
  func forNeighbours(of i: Int, _ body: (Int) -> Void) {
    let plane = count.y * count.z
    let x = i / plane
    let z = i % count.z
    body(x + 1 == count.x ? i - x * plane : i + plane)
    body(x == 0 ? i + (count.x - 1) * plane : i - plane)
    if count.y > 1 {
      let y = (i - x * plane) / count.z
      body(y + 1 == count.y ? i - y * count.z : i + count.z)
      body(y == 0 ? i + (count.y - 1) * count.z : i - count.z)
    }
    if z + 1 < count.z { body(i + 1) }
    if z > 0 { body(i - 1) }
  }
}
