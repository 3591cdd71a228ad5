import Spectral

/// The interface cells of one moment as compact columns: where metal meets electrolyte above the substrate.
///
/// Cells with |d| < 8ℓ, ordered as in memory. Everything the kinetics needs stands here, so that
/// exponentials and logarithms are only taken where there is an interface.
final class Interface {
  /// |d| up to which a cell belongs to the interface, in ℓ.
  static let bandHalfWidth = 8.0
  /// |d| up to which the profile is held by derivatives of d, in ℓ; beyond by those of ξ.
  static let coreReach = 7.5
  /// |d| up to which d is extrapolated in time, in ℓ; beyond ξ is.
  static let steepReach = 5.0
  /// |d| up to which a cell reacts fully, and from which on not at all, in ℓ. Narrower than the profile, so that the
  /// reaction of one surface does not feel another, or the other side of a thin one.
  static let reactionReach = 2.0...4.0

  /// How far a cell at a distance (in ℓ) takes part in the reaction, 0…1, and the share of w that does.
  static func reacts(at distance: Double) -> Double {
    1
      - smoothStep(
        (distance - reactionReach.lowerBound) / (reactionReach.upperBound - reactionReach.lowerBound))
  }
  /// Interface area per volume at a distance (in ℓ), times ℓ: w where it reacts, with ∫ = 1.
  static func density(at distance: Double) -> Double {
    reacts(at: abs(distance)) / (2 + 2 * cosh(distance)) / reactingShare
  }

  static let reactingShare = {
    let parts = 4000
    let part = reactionReach.upperBound / Double(parts)
    return (0..<parts).reduce(0.0) {
      let y = (Double($1) + 0.5) * part
      return $0 + 2 * part * reacts(at: y) / (2 + 2 * cosh(y))
    }
  }()

  /// |d| up to which d is read from ξ, in ℓ, and ξ there: 1/(1+e^{11}). What lies beyond is 0 or 1.
  static let distanceLimit = 11.0
  static let tail = 1.670142184809518e-05
  /// Closer to 0 or 1 than this ξ is 0 or 1, so that no metal lies where the regions of two pieces meet.
  static let end = 1e-7
  /// ε above which a cell takes part in transport.
  static let activeFloor = 1e-3

  private(set) var count = 0
  private var capacity = 0
  /// Start of each x plane in the list, and its end as one more entry.
  private(set) var planeStart: [Int]
  /// Memory index of the cell.
  private(set) var cell: UnsafeMutablePointer<Int32>
  /// Where the cell lies in fields that are stored by colour.
  private(set) var place: UnsafeMutablePointer<Int32>
  /// Position of the cell's piece in the moment's list, −1 for none.
  private(set) var piece: UnsafeMutablePointer<Int32>
  /// d, m: signed distance to the surface, positive in the electrolyte.
  private(set) var distance: UnsafeMutablePointer<Double>
  /// Interface area per volume, 1/m: w where a cell reacts, with ∫ = 1 along a normal; 0 beyond.
  private(set) var profileDensity: UnsafeMutablePointer<Double>
  /// a, 1/m: the profileDensity on active cells, normalised so that a flat interface integrates to one over them.
  private(set) var areaDensity: UnsafeMutablePointer<Double>
  /// K of the surface, 1/m.
  private(set) var capillarity: UnsafeMutablePointer<Double>
  /// Plating current density i, A/m², and its slope B = −∂i/∂e, A/(m² V).
  private(set) var current: UnsafeMutablePointer<Double>
  private(set) var conductance: UnsafeMutablePointer<Double>
  /// 1 where the cell takes part in transport.
  private(set) var active: UnsafeMutablePointer<Bool>
  /// 1 where there is electrolyte with no way to the top of the box.
  private(set) var enclosed: UnsafeMutablePointer<Bool>

  init(planes: Int) {
    planeStart = [Int](repeating: 0, count: planes + 1)
    cell = .allocate(capacity: 1)
    piece = .allocate(capacity: 1)
    place = .allocate(capacity: 1)
    distance = .allocate(capacity: 1)
    profileDensity = .allocate(capacity: 1)
    areaDensity = .allocate(capacity: 1)
    capillarity = .allocate(capacity: 1)
    current = .allocate(capacity: 1)
    conductance = .allocate(capacity: 1)
    active = .allocate(capacity: 1)
    enclosed = .allocate(capacity: 1)
  }

  deinit { release() }

  /// The places of the cells of some planes.
  @inline(__always)
  func places(of planes: Range<Int>) -> Range<Int> {
    planeStart[planes.lowerBound]..<planeStart[planes.upperBound]
  }

  private func release() {
    cell.deallocate()
    piece.deallocate()
    place.deallocate()
    distance.deallocate()
    profileDensity.deallocate()
    areaDensity.deallocate()
    capillarity.deallocate()
    current.deallocate()
    conductance.deallocate()
    active.deallocate()
    enclosed.deallocate()
  }

  /// Makes room for the cells of each plane. Memory grows by halves, so that it soon stops growing.
  func resize(counts: [Int]) {
    count = 0
    for (x, n) in counts.enumerated() {
      planeStart[x] = count
      count += n
    }
    planeStart[counts.count] = count
    guard count > capacity else { return }
    release()
    capacity = count + count / 2
    cell = .allocate(capacity: capacity)
    piece = .allocate(capacity: capacity)
    place = .allocate(capacity: capacity)
    distance = .allocate(capacity: capacity)
    profileDensity = .allocate(capacity: capacity)
    areaDensity = .allocate(capacity: capacity)
    capillarity = .allocate(capacity: capacity)
    current = .allocate(capacity: capacity)
    conductance = .allocate(capacity: capacity)
    active = .allocate(capacity: capacity)
    enclosed = .allocate(capacity: capacity)
    current.initialize(repeating: 0, count: capacity)
    conductance.initialize(repeating: 0, count: capacity)
  }
}
