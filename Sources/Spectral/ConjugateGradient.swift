/// The solve stopped before it reached its tolerance.
public struct NotConverged: Error, Sendable, Equatable {
  public let iterations: Int
  /// Last estimate of the largest error.
  public let error: Double
}

/// Preconditioned conjugate gradients with a stopping test on the error of the solution.
///
/// The preconditioned residual z = M⁻¹(b − A u) estimates the error of u, cell by cell and in the unit of u.
/// The solve ends when its largest magnitude is below the tolerance, never on a norm relative to b. Costs one
/// operator and one preconditioner application an iteration, and one of each at the start.
public final class ConjugateGradient {
  private let pool: ThreadPool
  private let grid: Grid
  private let r, z, p, q: Field
  private let partial: UnsafeMutablePointer<Double>
  /// Applications of operator and preconditioner since creation, for tests of cost.
  public private(set) var operatorApplications = 0
  public private(set) var preconditionerApplications = 0

  public init(_ grid: Grid, pool: ThreadPool) {
    self.grid = grid
    self.pool = pool
    r = Field(grid)
    z = Field(grid)
    p = Field(grid)
    q = Field(grid)
    partial = .allocate(capacity: grid.count.x)
  }

  deinit { partial.deallocate() }

  /// Improves u until the error estimate is at most `tolerance`; returns the number of iterations.
  ///
  /// - Parameter startsAtZero: u is zero on entry, which saves one application of the operator.
  /// - Throws: `NotConverged` after `maximumIterations`.
  public func solve(
    _ a: some LinearOperator, _ m: some Preconditioner, rightHandSide b: Field, solution u: Field,
    tolerance: Double, startsAtZero: Bool = false, maximumIterations: Int = 500
  ) throws(NotConverged) -> Int {
    if startsAtZero {
      r.copy(from: b)
    } else {
      apply(a, u, q)
      subtract(q, from: b)
    }
    var (rz, error) = correct(m)
    guard rz.isFinite else { throw NotConverged(iterations: 0, error: rz) }
    if error <= tolerance { return 0 }
    p.copy(from: z)
    for iteration in 1...maximumIterations {
      apply(a, p, q)
      let curvature = dot(p, q)
      guard curvature > 0 else { throw NotConverged(iterations: iteration, error: error) }
      advance(u, by: rz / curvature)
      let before = rz
      (rz, error) = correct(m)
      if error <= tolerance { return iteration }
      let beta = rz / before
      turn(by: beta)
    }
    throw NotConverged(iterations: maximumIterations, error: error)
  }

  private func apply(_ a: some LinearOperator, _ u: Field, _ result: Field) {
    operatorApplications += 1
    a.apply(u, into: result)
  }

  /// Returns rᵀz and the largest |z|.
  private func correct(_ m: some Preconditioner) -> (Double, Double) {
    preconditionerApplications += 1
    return m.apply(r, into: z)
  }

  // MARK: Vector passes

  private func forVectors(_ body: @escaping (Int) -> Void) {
    let plane = grid.count.y * grid.count.z
    pool.forPlanes(grid.count.x) { planes in
      for i in stride(from: planes.lowerBound * plane, to: planes.upperBound * plane, by: 8) { body(i) }
    }
  }

  /// r = b − q.
  private func subtract(_ q: Field, from b: Field) {
    forVectors { [r] i in store(load(b.base, i) - load(q.base, i), r.base, i) }
  }

  /// u += step p, r −= step q.
  private func advance(_ u: Field, by step: Double) {
    forVectors { [p, q, r] i in
      store(load(u.base, i) + step * load(p.base, i), u.base, i)
      store(load(r.base, i) - step * load(q.base, i), r.base, i)
    }
  }

  /// p = z + β p.
  private func turn(by beta: Double) {
    forVectors { [p, z] i in store(load(z.base, i) + beta * load(p.base, i), p.base, i) }
  }

  private func dot(_ a: Field, _ b: Field) -> Double {
    let size = grid.count.y * grid.count.z
    return pool.sum(planes: grid.count.x, scratch: partial) { x in
      var sum = Vector(repeating: 0)
      for i in stride(from: x * size, to: (x + 1) * size, by: 8) { sum += load(a.base, i) * load(b.base, i) }
      return sum.sum()
    }
  }
}
