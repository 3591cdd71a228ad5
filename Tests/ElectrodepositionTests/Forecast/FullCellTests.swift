import Electrodeposition
import Testing

@testable import Analysis

/// Sums of a whole cell against what was published of one (docs/reference-work.md).
struct FullCellTests {
  private func cell(_ change: (inout FullCell) -> Void) -> FullCell {
    var cell = FullCell()
    change(&cell)
    return cell
  }

  @Test("One mass of the collectors gives 232 Wh/kg with little electrolyte and 201 with much")
  func energies() {
    let lean = FullCell()
    let flooded = cell {
      $0.electrolyte.value = 5e-6 / 3.6
      $0.separator.value = 0.05
    }
    #expect(lean.collectors == flooded.collectors)
    #expect((lean.specificEnergy / 3600).rounded() == 232)
    #expect((flooded.specificEnergy / 3600).rounded() == 201)
  }

  @Test("Parts weigh what their charge weighs, and the cell what its parts weigh")
  func masses() {
    let cell = FullCell()
    let milligrams = cell.masses.map { $0.mass * 100 }
    // 7/128.4 g, 3·7/1165.8 g, 3·7 mg, and what is given.
    for (found, expected) in zip(milligrams, [54.517, 18.013, 21, 1, 24.8]) {
      #expect(abs(found - expected) < 1e-3, "\(milligrams)")
    }
    #expect(abs(cell.mass * 100 - 119.330) < 2e-3)
  }

  @Test("80 mV each way are an energy efficiency of 95.8 %, and without losses it is 1")
  func efficiency() {
    #expect(abs(FullCell().energyEfficiency - 0.958) < 5e-4)
    let ideal = cell {
      $0.overpotential.value = 0
      $0.coulombicEfficiency.value = 1
    }
    #expect(ideal.energyEfficiency == 1)
  }

  @Test("21 mAh/cm² against 1.49 mAh/cm² last 329 cycles at 96.02 %, then fade by that a cycle")
  func excess() {
    let bare = cell {
      $0.metalRatio.value = 21 / 1.49
      $0.coulombicEfficiency.value = 0.9602
    }
    #expect(bare.cyclesOnExcess.rounded() == 329)
    func retention(_ cycles: Double) -> Double {
      var cell = bare
      cell.cycles.value = cycles
      return cell.retention
    }
    #expect(retention(328) == 1)
    #expect(abs(retention(bare.cyclesOnExcess + 2) - 0.9602 * 0.9602) < 1e-12)
  }

  @Test("Without excess 99.96 % a cycle are 67 % after 1000, and 99.933 % are 6/7 after 230")
  func retention() {
    func left(_ efficiency: Double, _ cycles: Double) -> Double {
      cell {
        $0.metalRatio.value = 1
        $0.coulombicEfficiency.value = efficiency
        $0.cycles.value = cycles
      }.retention
    }
    #expect(abs(left(0.9996, 1000) - 0.6703) < 1e-4)
    #expect(abs(left(0.99933, 230) - 6.0 / 7) < 1e-3)
    #expect(left(1, 1e6) == 1)
  }
}
