import Electrodeposition
import Foundation
import Spectral

/// Fields as VTKHDF ImageData, which ParaView, VTK, PyVista and h5py open.
///
/// The values are cell data: cell (i, j, k) of the file is cell (i, j, k) of the grid, and the box of the
/// file is the box of the case, in m, with z = 0 on the substrate's surface. In two dimensions the file's
/// axes are x and z, so its datasets have two dimensions (z, x); in three they have (z, y, x). VTK wants x
/// fastest, the solver has z fastest: the values are transposed on the way.
///
/// Source: Kitware, "VTKHDF file format", VTK documentation, version 2.2.
extension Snapshot {
  /// Writes the snapshot in place of whatever has that name; a failure leaves the old file.
  public func writeVTKHDF(to path: String) throws {
    try WholeFile.replace(path) { new in
      do {
        let file = try HDF5File(creating: new)
        try writeGeometry(to: file)
        for item in items { try write(item, to: file) }
        try writeFieldData(to: file)
        try file.close()
      } catch let failure as OutputFailure {
        throw OutputFailure(failure.action, path, failure.reason)
      }
    }
  }

  private func writeGeometry(to file: HDF5File) throws(OutputFailure) {
    let flat = grid.isTwoDimensional
    let (nx, ny, nz) = (Int64(grid.count.x), Int64(grid.count.y), Int64(grid.count.z))
    let h = grid.spacing
    let root = "/VTKHDF"
    try file.createGroup(root)
    try file.setAttribute("Version", of: root, to: [Int64(2), 2])
    try file.setAttribute("Type", of: root, to: "ImageData")
    try file.setAttribute("WholeExtent", of: root, to: flat ? [0, nx, 0, nz, 0, 0] : [0, nx, 0, ny, 0, nz])
    try file.setAttribute("Origin", of: root, to: flat ? [0, bottom, 0] : [0, 0, bottom])
    try file.setAttribute("Spacing", of: root, to: flat ? [h.x, h.z, h.y] : [h.x, h.y, h.z])
    try file.setAttribute("Direction", of: root, to: [1.0, 0, 0, 0, 1, 0, 0, 0, 1])
    for group in ["CellData", "PointData", "FieldData"] { try file.createGroup("\(root)/\(group)") }
  }

  private func write(_ item: Item, to file: HDF5File) throws(OutputFailure) {
    let (nx, ny, nz) = (grid.count.x, grid.count.y, grid.count.z)
    let name = "/VTKHDF/CellData/\(item.name)"
    let shape = grid.isTwoDimensional ? [nz, nx] : [nz, ny, nx]
    let values = transpose(item.values, rows: nx * ny, columns: nz)
    try file.write(name, grid.isTwoDimensional ? values : exchangeXY(values), shape: shape, compressed: true)
    try file.setAttribute("unit", of: name, to: item.unit)
  }

  /// (z, x, y) to (z, y, x).
  private func exchangeXY(_ values: [Double]) -> [Double] {
    let (nx, ny) = (grid.count.x, grid.count.y)
    var result: [Double] = []
    result.reserveCapacity(values.count)
    for z in 0..<grid.count.z {
      for y in 0..<ny { for x in 0..<nx { result.append(values[(z * nx + x) * ny + y]) } }
    }
    return result
  }

  /// One value each, named as in `history.csv`, and what else a reader needs to rebuild the snapshot.
  private func writeFieldData(to file: HDF5File) throws(OutputFailure) {
    let group = "/VTKHDF/FieldData"
    for column in Observables.columns {
      let name = "\(group)/\(column.header)"
      try file.write(name, [column.value(observables)])
      try file.setAttribute("meaning", of: name, to: column.meaning)
    }
    try file.write("\(group)/TimeValue", [observables.time])
    try file.write("\(group)/has_substrate", [hasSubstrate ? 1.0 : 0])
    try file.write("\(group)/depth_m", [grid.spacing.y])
    if !onIsland.isEmpty { try file.write("\(group)/on_island", onIsland.map { UInt8($0 ? 1 : 0) }) }
    try file.setAttribute("time", of: "/VTKHDF", to: [observables.time])
    try file.setAttribute("time_unit", of: "/VTKHDF", to: "s")
  }

  /// Reads a snapshot that `writeVTKHDF` wrote.
  public init(readingVTKHDF path: String) throws(OutputFailure) {
    let file = try HDF5File(opening: path)
    guard file.contains("/VTKHDF"), try file.text("Type", of: "/VTKHDF") == "ImageData" else {
      throw OutputFailure("read", path, "it is not a VTKHDF image")
    }
    let extent = try file.values("WholeExtent", of: "/VTKHDF", as: Int64.self).map { Int($0) }
    let spacing = try file.values("Spacing", of: "/VTKHDF", as: Double.self)
    let origin = try file.values("Origin", of: "/VTKHDF", as: Double.self)
    guard extent.count == 6, spacing.count == 3, origin.count == 3, extent[1] > 0, extent[3] > 0 else {
      throw OutputFailure("read", path, "its extent, spacing or origin is not that of an image")
    }
    let flat = extent[5] == 0
    let grid = Grid(
      count: flat ? SIMD3(extent[1], 1, extent[3]) : SIMD3(extent[1], extent[3], extent[5]),
      spacing: flat ? SIMD3(spacing[0], spacing[2], spacing[1]) : SIMD3(spacing[0], spacing[1], spacing[2]))

    var items: [Item] = []
    for name in try file.members(of: "/VTKHDF/CellData") {
      let dataset = "/VTKHDF/CellData/\(name)"
      let values = try file.read(dataset, as: Double.self)
      guard values.count == grid.cells else {
        throw OutputFailure("read", path, "\(name) does not have one value per cell")
      }
      let turned = transpose(values, rows: grid.count.z, columns: grid.columns)
      let unit = try file.text("unit", of: dataset)
      items.append(Item(name: name, unit: unit, values: flat ? turned : fromYX(turned, grid)))
    }
    var scalars: [String: Double] = [:]
    let group = "/VTKHDF/FieldData"
    for name in try file.members(of: group) where name != "on_island" {
      scalars[name] = try file.read("\(group)/\(name)", as: Double.self).first
    }
    let islands =
      file.contains("\(group)/on_island") ? try file.read("\(group)/on_island", as: UInt8.self) : []
    self.init(
      grid: grid, bottom: origin[flat ? 1 : 2], hasSubstrate: scalars["has_substrate"] == 1,
      onIsland: islands.map { $0 != 0 }, items: items, observables: Observables(values: scalars))
  }
}

/// (y, x, z) to (x, y, z).
private func fromYX(_ values: [Double], _ grid: Grid) -> [Double] {
  let (nx, ny, nz) = (grid.count.x, grid.count.y, grid.count.z)
  var result: [Double] = []
  result.reserveCapacity(values.count)
  for x in 0..<nx {
    for y in 0..<ny {
      let start = (y * nx + x) * nz
      result.append(contentsOf: values[start..<start + nz])
    }
  }
  return result
}

/// Exchanges rows and columns, in squares that stay in the cache.
private func transpose(_ values: [Double], rows: Int, columns: Int) -> [Double] {
  let tile = 32
  return [Double](unsafeUninitializedCapacity: values.count) { result, count in
    for top in stride(from: 0, to: rows, by: tile) {
      for left in stride(from: 0, to: columns, by: tile) {
        for row in top..<min(top + tile, rows) {
          for column in left..<min(left + tile, columns) {
            result[column * rows + row] = values[row * columns + column]
          }
        }
      }
    }
    count = values.count
  }
}

/// The list of field files that ParaView opens as one animation, `fields.vtkhdf.series`.
package struct FieldSeries: Codable, Sendable, Equatable {
  package struct Entry: Codable, Sendable, Equatable {
    /// File name, relative to the list.
    package var name: String
    /// s
    package var time: Double
  }

  package var version = "1.0"
  package var files: [Entry] = []

  private enum CodingKeys: String, CodingKey {
    case version = "file-series-version"
    case files
  }

  package init() {}

  package init(reading path: String) throws {
    do {
      self = try JSONDecoder().decode(FieldSeries.self, from: Data(WholeFile.read(path)))
    } catch is DecodingError {
      throw OutputFailure("read", path, "it is not a list of field files")
    }
  }

  /// Adds a file, in place of an entry of the same name.
  package mutating func add(_ name: String, at time: Double) {
    files.removeAll { $0.name == name }
    files.append(Entry(name: name, time: time))
    files.sort { ($0.time, $0.name) < ($1.time, $1.name) }
  }

  package func write(to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try WholeFile.write(encoder.encode(self), to: path)
  }
}
