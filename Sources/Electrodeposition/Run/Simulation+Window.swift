import Spectral

/// The box as a window that moves with the front.
///
/// It is raised by whole rows of cells once the front of a closed film is beyond half of it: full metal leaves through its
/// bottom, and what was the lowest part of the far field is its top. It comes down again, the same way back, before metal
/// that dissolves opens the way to its bottom. Both moments that a step starts from are shifted alike, so that nothing is
/// extrapolated over the shift.
extension Simulation {
  /// Shifts the box where the present moment asks for it. Ends the run where the metal is too tall for it.
  func followFront() {
    guard setup.box.movingWindow else { return }
    let isHigh = observables.maximumHeight - domain.bottom > setup.box.height / 2
    if domain.raised > 0 && !isFull(rows: Window.rest) {
      guard isFree(rows: Window.step + 1) else { return end(.topReached) }
      lower()
    } else if isHigh && isFull(rows: Window.step + Window.rest) && isFree(rows: 1) {
      raise()
    }
  }

  private var levels: [TimeLevel] { [state.now, state.before] }

  /// Whether the lowest rows hold nothing but metal, in both moments.
  private func isFull(rows: Int) -> Bool {
    allColumns { column in (0..<rows).allSatisfy { column[$0] == 1 } }
  }

  /// Whether the highest rows hold no metal, in both moments.
  private func isFree(rows: Int) -> Bool {
    let top = domain.grid.count.z
    return allColumns { column in (top - rows..<top).allSatisfy { column[$0] == 0 } }
  }

  private func allColumns(_ body: (UnsafeMutablePointer<Double>) -> Bool) -> Bool {
    let (columns, height) = (domain.grid.columns, domain.grid.count.z)
    return levels.allSatisfy { level in
      (0..<columns).allSatisfy { body(level.metal.base + $0 * height) }
    }
  }

  private func raise() {
    let (height, rows) = (domain.grid.count.z, Window.step)
    for level in levels {
      let rise = domain.meanOfTop(level.potential) - domain.mean(level.potential, row: height - 2)
      let salt = farField.giveRows(rows, level, topSalt: domain.meanOfTop(level.salt))
      shift(level, by: rows)
      for z in height - rows..<height {
        for column in 0..<domain.grid.columns {
          level.salt.base[column * height + z] = salt[z + rows - height]
          level.potential.base[column * height + z] += Double(z + rows + 1 - height) * rise
        }
      }
    }
    domain.raised += rows
    findInterface()
  }

  private func lower() {
    let (height, rows) = (domain.grid.count.z, Window.step)
    for level in levels {
      let salt = (height - rows - 1..<height).map { domain.mean(level.salt, row: $0) }
      farField.takeRows(Array(salt.dropFirst()), level, topSalt: salt[0])
      shift(level, by: -rows)
    }
    domain.raised -= rows
    findInterface()
  }

  /// Shifts all fields of a moment down in the box, or up where `rows` is negative. The rows that come in are like the
  /// last ones before.
  private func shift(_ level: TimeLevel, by rows: Int) {
    for (_, field) in Archived.fields(level) { shift(field.base, by: rows) }
    shift(level.core, by: rows)
  }

  private func shift<Value>(_ values: UnsafeMutablePointer<Value>, by rows: Int) {
    let (height, way) = (domain.grid.count.z, abs(rows))
    let kept = height - way
    for start in stride(from: 0, to: domain.grid.cells, by: height) {
      let column = values + start
      if rows > 0 {
        column.update(from: column + way, count: kept)
        (column + kept).update(repeating: column[kept - 1], count: way)
      } else {
        (column + way).update(from: column, count: kept)
        column.update(repeating: column[way], count: way)
      }
    }
  }
}
