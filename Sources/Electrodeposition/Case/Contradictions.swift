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
    let together = [
      ("box.moving_window", box.movingWindow), ("kinetics.sei", kinetics.interphase != nil),
      ("substrate.conversion", substrate?.conversion != nil),
    ]
    if !solvesTogether {
      list += together.filter(\.1).map {
        Contradiction(
          key: $0.0, found: "cation transport and variational capillarity know none",
          expected: "binary salt and capillarity gibbs-thomson")
      }
    }
    if kinetics.interphase != nil && kinetics.filmResistance.value > 0 {
      list.append(
        Contradiction(
          key: "kinetics.film_resistance", found: "kinetics.sei has a resistance of its own",
          expected: "one of the two"))
    }
    return list
  }

  private var contradictionsOfWindow: [Contradiction] {
    guard solvesTogether else { return [] }
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
