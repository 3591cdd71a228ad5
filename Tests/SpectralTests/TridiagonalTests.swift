import Testing

@testable import Spectral

struct TridiagonalTests {
  @Test("Solutions satisfy the rows of the system")
  func rows() {
    let n = 40
    let lower = (0..<(n - 1)).map { -1 - 0.1 * Double($0 % 3) }
    let upper = (0..<(n - 1)).map { -1 + 0.2 * Double($0 % 4) }
    // Small entries on the diagonal make pivoting necessary.
    let diagonal = (0..<n).map { $0 % 5 == 0 ? 1e-9 : 2.5 }
    let right = (0..<(2 * n)).map { Double($0 % 7) - 2 }
    var (l, d, u, x) = (lower, diagonal, upper, right)
    let solved = Tridiagonal.solve(lower: &l, diagonal: &d, upper: &u, rightHandSides: &x)
    #expect(solved)
    for system in 0..<2 {
      for row in 0..<n {
        let at = system * n + row
        var sum = diagonal[row] * x[at]
        if row > 0 { sum += lower[row - 1] * x[at - 1] }
        if row < n - 1 { sum += upper[row] * x[at + 1] }
        #expect(abs(sum - right[at]) < 1e-11)
      }
    }
  }

  @Test("A singular tridiagonal system is reported")
  func singular() {
    var (l, d, u, x) = ([0.0], [0.0, 1.0], [0.0], [1.0, 1.0])
    let solved = Tridiagonal.solve(lower: &l, diagonal: &d, upper: &u, rightHandSides: &x)
    #expect(!solved)
  }
}

struct SymmetricSystemTests {
  @Test("A positive-definite system is solved, again and again")
  func solves() {
    let n = 5
    var system = SymmetricSystem(size: n)
    for round in 1...2 {
      system.clear()
      for row in 0..<n {
        for column in 0...row {
          system[row, column] = row == column ? Double(row + 4 * round) : 1 / Double(row + column + 1)
        }
      }
      let matrix = system
      let factored = system.factor()
      #expect(factored)
      let right = [1.0, -2, 3, 0.5, 4]
      var x = right
      system.solve(&x)
      for row in 0..<n {
        let sum = (0..<n).reduce(0.0) { $0 + matrix[max(row, $1), min(row, $1)] * x[$1] }
        #expect(abs(sum - right[row]) < 1e-13)
      }
    }
  }

  @Test("An indefinite system is reported, an empty one is trivial")
  func indefinite() {
    var system = SymmetricSystem(size: 2)
    (system[0, 0], system[1, 0], system[1, 1]) = (1, 2, 1)
    var empty = SymmetricSystem(size: 0)
    let factored = (system.factor(), empty.factor())
    #expect(factored == (false, true))
  }
}
