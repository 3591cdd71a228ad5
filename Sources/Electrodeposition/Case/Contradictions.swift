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
    var list: [Contradiction] = []
    if isVariational { list += contradictionsOfProfile }
    if electrolyte.transport == .cation { list += contradictionsOfCation }
    if box.movingWindow { list += contradictionsOfWindow }
    if kinetics.interphase != nil && !solvesTogether {
      list.append(
        Contradiction(
          key: "kinetics.sei", found: "cation transport and variational capillarity know none",
          expected: "binary salt and capillarity gibbs-thomson"))
    }
    if kinetics.interphase != nil && kinetics.filmResistance.value > 0 {
      list.append(
        Contradiction(
          key: "kinetics.film_resistance", found: "kinetics.sei has a resistance of its own",
          expected: "one of the two"))
    }
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

  private var contradictionsOfProfile: [Contradiction] {
    var list: [Contradiction] = []
    if substrate != nil {
      list.append(
        Contradiction(
          key: "substrate", found: "capillarity variational knows no contact angle",
          expected: "substrate: none"))
    }
    if output.everyThickness != nil {
      list.append(
        Contradiction(
          key: "output.every_thickness",
          found: "capillarity variational does not know beforehand how much metal a step makes",
          expected: "output.every_time"))
    }
    return list
  }

  private var contradictionsOfCation: [Contradiction] {
    var list: [Contradiction] = []
    if electrolyte.end != .reservoir {
      list.append(
        Contradiction(
          key: "electrolyte.end", found: "cation transport knows no counter electrode", expected: "reservoir")
      )
    }
    if electrolyte.saltDiffusivity.notes.contains(.nernstEinstein) {
      list.append(
        Contradiction(
          key: "electrolyte.salt_diffusivity",
          found: "cation transport takes the cation's, which no table holds",
          expected: "the diffusion coefficient of the cation"))
    }
    if box.height < electrolyte.thickness * (1 - 1e-9) {
      list.append(
        Contradiction(
          key: "box.height", found: "cation transport knows no far field above the box",
          expected: "a box as high as electrolyte.thickness"))
    }
    return list
  }
}
