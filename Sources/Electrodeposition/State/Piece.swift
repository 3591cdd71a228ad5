/// A connected piece of metal. It has one potential.
struct Piece: Equatable {
  /// Stays with the piece while it lives; positive.
  var identity: Int32
  /// φ_k, V.
  var potential: Double
  /// Faradaic current I_k = ∫ a i dV, A (A/m in two dimensions), positive when it grows, and what of it makes interphase.
  var current = 0.0
  var interphaseCurrent = 0.0
  /// What of it makes metal, A.
  var metalCurrent: Double { current - interphaseCurrent }
  /// Area of its interface with the electrolyte, m².
  var area = 0.0
  /// False where all of its surface faces enclosed electrolyte: it carries no current and keeps its volume.
  var reacts: Bool { area > 0 }
  /// Area of its contact with each kind of substrate surface, m².
  var contactArea: [Double] = []
}
