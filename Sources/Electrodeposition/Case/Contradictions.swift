/// Something a case asks for that does not go together with something else it asks for.
package struct Contradiction: Sendable, Equatable, CustomStringConvertible {
  /// The key of the case file that has to change.
  package let key: String
  package let found: String
  package let expected: String

  package var description: String { "\(key): \(found); expected \(expected)" }
}

extension Case {
  /// Combinations that the solver does not have.
  package var contradictions: [Contradiction] {
    var list = contradictionsOfCapillarity + contradictionsOfSalt
    if box.movingWindow { list += contradictionsOfWindow }
    if substrate?.conversion != nil && !solvesTogether {
      list.append(
        Contradiction(
          key: "substrate.conversion", found: "cation transport and variational capillarity know none",
          expected: "binary salt and capillarity gibbs-thomson"))
    }
    return list
  }

  private var contradictionsOfWindow: [Contradiction] {
    guard solvesTogether else {
      return [
        Contradiction(
          key: "box.moving_window", found: "cation transport and variational capillarity know none",
          expected: "binary salt and capillarity gibbs-thomson")
      ]
    }
    var list: [Contradiction] = []
    let (rows, least) = (discretisation.grid.count.z, Window.leastRows(numerics.interfaceWidth))
    if rows < least {
      list.append(
        Contradiction(
          key: "box.height",
          found: "a moving window of \(rows) rows of cells holds no front between metal and electrolyte",
          expected: "\(least) rows or more"))
    }
    if electrolyte.thickness < 2 * box.height {
      list.append(
        Contradiction(
          key: "box.height", found: "a moving window takes its electrolyte from what lies above it",
          expected: "at most half of electrolyte.thickness"))
    }
    return list
  }
}
