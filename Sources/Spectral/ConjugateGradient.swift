/// The solve stopped before it reached its tolerance.
package struct NotConverged: Error, Sendable, Equatable {
  package let iterations: Int
  /// Last estimate of the largest error.
  package let error: Double
}

/// A symmetric, positive semi-definite term that a matrix has beside its diffusion operator.
package protocol Coupling: AnyObject {
  /// result += scale · E u.
  func add(of u: Field, scaledBy scale: Double, to result: Field)
  /// q += scale · E p. Returns what pᵀq gains.
  func add(of p: ColouredCells, to q: ColouredCells, scaledBy scale: Double) -> Double
}

/// Preconditioned conjugate gradients in mixed precision, with a stopping test on the error of the solution.
///
/// The residual b − A u is formed in double precision. The correction to u is solved for in single precision,
/// which halves what is moved through memory; when it has gained four orders of magnitude and that is not enough,
/// the residual is formed anew; so it is before the end, if more than two were gained. b is zero in inactive cells,
/// and u of a size whose square single precision can hold: 10⁻¹⁵ to 10¹⁵ in its unit.
///
/// The preconditioned residual z = M⁻¹(b − A u) estimates the error of u, cell by cell and in the unit of u.
/// The solve ends when its largest magnitude is below the tolerance, never on a norm relative to b.
package final class ConjugateGradient {
  private let pool: ThreadPool
  private let matrix: SingleMatrix
  private var preconditioner: SweepPreconditioner!
  private let r, q, correction: ColouredCells
  private var z, p: ColouredCells
  private let storage: [ColouredField]
  private let planes, strip: Int
  /// What the stages on a plane do next: step along p and its turn, `nil` for none; whether the correction starts anew.
  private var step: Float?
  private var turn: Float?
  private var isFresh = true
  private var directions: [(Range<Int>) -> Void] = []
  private let partial: Scratch
  /// What a pass in single precision goes for, and what it is believed to have gained before the residual is
  /// formed anew in double precision.
  private static let gain = 1e-4
  private static let believed = 1e-2
  /// Applications of matrix and preconditioner since creation, for tests of cost.
  package private(set) var operatorApplications = 0
  package private(set) var preconditionerApplications = 0

  package init(_ grid: Grid, pool: ThreadPool) {
    self.pool = pool
    matrix = SingleMatrix(grid, pool: pool)
    storage = (0..<5).map { _ in ColouredField(grid) }
    r = storage[0].cells
    z = storage[1].cells
    p = storage[2].cells
    q = storage[3].cells
    correction = storage[4].cells
    planes = grid.count.x
    strip = max(1, (1 << 17) / (16 * grid.count.y * grid.count.z))
    partial = Scratch(grid.count.x)
    preconditioner = SweepPreconditioner(matrix, residual: r, prepare: { [unowned self] in advance($0) })
    directions = [
      { [unowned self] in turnDirection($0) },
      { [unowned self] in matrix.apply($0, p, into: q, products: partial.base) },
    ]
  }

  /// A u = b with a matrix as it is assembled now.
  package struct System {
    let matrix: DiffusionOperator
    let coupling: (any Coupling)?
    let alpha, beta, constantMode: Double
    /// The size of the largest diagonal entries.
    let unit: Double

    /// - Parameters:
    ///   - alpha: ᾱ of the bulk, where A ≈ −ᾱ∇² + β̄.
    ///   - beta: β̄ of the bulk.
    ///   - constantMode: the mean over all cells of A·1.
    ///   - largestReaction: the largest B; `nil`: β̄.
    package init(
      _ matrix: DiffusionOperator, coupling: (any Coupling)? = nil, alpha: Double, beta: Double,
      constantMode: Double, largestReaction: Double? = nil
    ) {
      let h = matrix.grid.spacing
      let across = 1 / (h.x * h.x) + 1 / (h.z * h.z) + (matrix.grid.isTwoDimensional ? 0 : 1 / (h.y * h.y))
      unit = 2 * alpha * across + (largestReaction ?? beta)
      self.matrix = matrix
      self.coupling = coupling
      self.alpha = alpha
      self.beta = beta
      self.constantMode = constantMode
    }
  }

  /// Improves u until the error estimate is at most `tolerance`, and adds that last estimate, the best there is of
  /// what is missing; returns the number of iterations. b comes back but for rounding.
  ///
  /// - Parameter startsAtZero: u counts as zero on entry, whatever it holds, which saves one application of the
  ///   operator.
  /// - Throws: `NotConverged` after `maximumIterations`.
  package func solve(
    _ system: System, rightHandSide b: Field, solution u: Field, tolerance: Double,
    startsAtZero: Bool = false, maximumIterations: Int = 500
  ) throws(NotConverged) -> Int {
    begin(system, b, startsAtZero ? nil : u)
    var iterations = 0
    var isZero = startsAtZero
    while true {
      let before = iterations
      let (first, last) = try improve(system, tolerance, maximumIterations, &iterations)
      matrix.scatter(iterations > before ? correction : nil, z, into: u, adding: !isZero)
      isZero = false
      if last <= tolerance && tolerance >= Self.believed * first { return iterations }
      withCoupling(system, b, u) { system.matrix.formResidual(b, u, unit: system.unit, into: r) }
    }
  }

  /// Takes over the matrix, and r = (b − A u)/unit.
  private func begin(_ system: System, _ b: Field, _ u: Field?) {
    preconditioner.update(alpha: system.alpha, beta: system.beta, constantMode: system.constantMode)
    withCoupling(system, b, u) { matrix.copy(system.matrix, unit: system.unit, residualOf: u, b, into: r) }
  }

  /// Takes the coupling's part of A u out of b while `body` forms the residual. In double precision: what the coupling
  /// takes from a constant may all but cancel what the matrix gives it.
  private func withCoupling(_ system: System, _ b: Field, _ u: Field?, _ body: () -> Void) {
    guard let u else { return body() }
    operatorApplications += 1
    system.coupling?.add(of: u, scaledBy: -1, to: b)
    body()
    system.coupling?.add(of: u, scaledBy: 1, to: b)
  }

  /// Solves for the correction until the tolerance or the gain of single precision is reached; returns the error
  /// estimates at the start and at the end.
  private func improve(
    _ system: System, _ tolerance: Double, _ maximum: Int, _ iterations: inout Int
  ) throws(NotConverged) -> (first: Double, last: Double) {
    step = nil
    var (rz, error) = correct()
    guard rz.isFinite else { throw NotConverged(iterations: iterations, error: rz) }
    let first = error
    if error <= tolerance { return (first, error) }
    let target = max(tolerance, Self.gain * error)
    swap(&p, &z)
    turn = nil
    isFresh = true
    while true {
      iterations += 1
      guard iterations <= maximum else { throw NotConverged(iterations: maximum, error: error) }
      let curvature = applyMatrix(system.coupling)
      guard curvature > 0 else { throw NotConverged(iterations: iterations, error: error) }
      step = Float(rz / curvature)
      let before = rz
      (rz, error) = correct()
      // NaN would pass for an error of zero.
      guard rz.isFinite else { throw NotConverged(iterations: iterations, error: rz) }
      isFresh = false
      if error <= target { return (first, error) }
      turn = Float(rz / before)
    }
  }

  /// p = z + β p, q = A p/unit. Returns pᵀq.
  private func applyMatrix(_ coupling: (any Coupling)?) -> Double {
    operatorApplications += 1
    pool.runStages(planes: planes, strip: strip, directions)
    var product = 0.0
    for x in 0..<planes { product += partial.base[x] }
    return product + (coupling?.add(of: p, to: q, scaledBy: 1 / matrix.unit) ?? 0)
  }

  /// Steps along p, then z = M⁻¹ r. Returns rᵀz and the largest error.
  private func correct() -> (Double, Double) {
    preconditionerApplications += 1
    return preconditioner.apply(into: z)
  }

  // MARK: Vector passes on planes

  @inline(__always)
  private func forVectors(_ planes: Range<Int>, _ body: (Int) -> Void) {
    let (red, black) = r.places(planes)
    for k in stride(from: red.lowerBound, to: red.upperBound, by: 8) { body(k) }
    for k in stride(from: black.lowerBound, to: black.upperBound, by: 8) { body(k) }
  }

  /// ũ += step p, from zero the first time; r −= step q.
  private func advance(_ planes: Range<Int>) {
    guard let step else { return }
    let (p, q, r, u) = (p.base, q.base, r.base, correction.base)
    if isFresh {
      forVectors(planes) { store(step * load8(p, $0), u, $0) }
    } else {
      forVectors(planes) { store(load8(u, $0) + step * load8(p, $0), u, $0) }
    }
    forVectors(planes) { store(load8(r, $0) - step * load8(q, $0), r, $0) }
  }

  private func turnDirection(_ planes: Range<Int>) {
    guard let turn else { return }
    let (p, z) = (p.base, z.base)
    forVectors(planes) { store(load8(z, $0) + turn * load8(p, $0), p, $0) }
  }
}
