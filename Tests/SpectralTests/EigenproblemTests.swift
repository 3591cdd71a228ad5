import Testing

@testable import Spectral

struct EigenproblemTests {
  @Test("Eigenvalues of a pencil are those it was made of, infinite where B is singular")
  func pencil() throws {
    // A = L diag(2, -3, 5) R and B = L diag(1, 2, 0) R: 2, -3/2 and infinity.
    let left = [1.0, 0.2, -0.3, 0.5, 1, 0.1, -0.2, 0.4, 1]
    let right = [1.0, -0.6, 0.2, 0.3, 1, 0.7, 0.1, -0.4, 1]
    func product(_ middle: [Double]) -> [Double] {
      (0..<9).map { at in
        let (row, column) = (at % 3, at / 3)
        return (0..<3).reduce(0) { $0 + left[$1 * 3 + row] * middle[$1] * right[column * 3 + $1] }
      }
    }
    let values = try #require(Eigenproblem.generalised(product([2, -3, 5]), product([1, 2, 0]), size: 3))
    let finite = values.filter { abs($0.x) < 1e6 }.sorted { $0.x < $1.x }
    #expect(finite.count == 2)
    for (found, known) in zip(finite, [-1.5, 2]) {
      #expect(abs(found.x - known) < 1e-12 && abs(found.y) < 1e-12)
    }
  }

  @Test("A rotation has a pair of complex eigenvalues")
  func rotation() throws {
    let values = try #require(Eigenproblem.generalised([0, 1, -1, 0], [1, 0, 0, 1], size: 2))
    #expect(values.map { $0.y }.sorted() == [-1, 1])
    #expect(values.allSatisfy { abs($0.x) < 1e-15 })
  }
}
