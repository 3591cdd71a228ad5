import Electrodeposition
import Foundation
import MadeUp
import Spectral
import Testing

@testable import CaseFiles

/// A Python with vtk and h5py, from the environment variable FROND_PYTHON, else `python3`.
private enum Python {
  static let command = ProcessInfo.processInfo.environment["FROND_PYTHON"] ?? "python3"
  static let hasReaders = (try? run(["-c", "import vtk, h5py, numpy"]).status) == 0

  static func run(_ arguments: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [command] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }

  /// Opens argument 1 with h5py and VTK; the field `place` is 10000 i + 100 j + k in cell (i, j, k).
  static let check = """
    import sys, h5py, numpy as np, vtk
    from vtk.util.numpy_support import vtk_to_numpy
    path, n, h, bottom = sys.argv[1], eval(sys.argv[2]), eval(sys.argv[3]), float(sys.argv[4])
    flat = n[1] == 1
    with h5py.File(path) as f:
        g = f["VTKHDF"]
        assert g.attrs["Type"] == b"ImageData" and list(g.attrs["Version"]) == [2, 2]
        d = g["CellData/place"]
        assert d.attrs["unit"] == b"mol/m^3" and d.compression == "gzip" and d.shuffle
        k, j, i = np.meshgrid(range(n[2]), range(n[1]), range(n[0]), indexing="ij")
        wanted = 10000.0 * i + 100.0 * j + k
        assert np.array_equal(d[...], wanted[:, 0, :] if flat else wanted)
        assert g["FieldData/time_s"][0] == 1.5
    reader = vtk.vtkHDFReader()
    reader.SetFileName(path)
    reader.Update()
    out = reader.GetOutputDataObject(0)
    assert out.GetClassName() == "vtkImageData", out.GetClassName()
    assert out.GetNumberOfCells() == n[0] * n[1] * n[2], out.GetNumberOfCells()
    values = vtk_to_numpy(out.GetCellData().GetArray("place"))
    for cell in range(out.GetNumberOfCells()):
        b = out.GetCell(cell).GetBounds()
        x, y, z = [(b[2 * a] + b[2 * a + 1]) / 2 for a in range(3)]
        if flat: x, y, z = x, 0.5 * h[1], y
        i, j, k = x / h[0] - 0.5, y / h[1] - 0.5, (z - bottom) / h[2] - 0.5
        assert abs(values[cell] - (10000 * i + 100 * j + k)) < 1e-6, (cell, values[cell], i, j, k)
    assert out.GetFieldData().GetArray("time_s").GetValue(0) == 1.5
    assert out.GetFieldData().GetArray("on_island").GetNumberOfTuples() == n[0] * n[1]
    print("ok")
    """
}

@Suite struct FieldFileTests {
  let folder = TemporaryFolder()

  /// A field whose value tells its cell.
  private func snapshot(_ count: SIMD3<Int>) -> Snapshot {
    let grid = Grid(count: count, spacing: SIMD3(2e-9, 3e-9, 5e-9))
    var values: [Double] = []
    for i in 0..<count.x {
      for j in 0..<count.y { for k in 0..<count.z { values.append(Double(10_000 * i + 100 * j + k)) } }
    }
    return Snapshot(
      grid: grid, bottom: 80e-9, hasSubstrate: true, onIsland: (0..<grid.columns).map { $0 % 3 == 0 },
      items: [
        Snapshot.Item(name: "other", unit: "V", values: values.map { -$0 }),
        Snapshot.Item(name: "place", unit: "mol/m^3", values: values),
      ],
      observables: Observables(values: ["step": 12, "time_s": 1.5, "voltage_V": -0.1]))
  }

  @Test("A field file comes back as it was", arguments: [SIMD3(7, 1, 5), SIMD3(40, 1, 70), SIMD3(6, 5, 4)])
  func roundTrip(count: SIMD3<Int>) throws {
    let path = folder.path + "/fields.vtkhdf"
    let written = snapshot(count)
    try written.writeVTKHDF(to: path)
    let read = try Snapshot(readingVTKHDF: path)
    #expect(read.grid == written.grid && read.bottom == written.bottom)
    #expect(read.hasSubstrate == written.hasSubstrate)
    #expect(read.onIsland == written.onIsland && read.observables == written.observables)
    for (a, b) in zip(read.items, written.items) {
      #expect(a.name == b.name && a.unit == b.unit && a.values == b.values)
    }
  }

  @Test(
    "h5py and VTK's own reader see the values where the cells are, in two and three dimensions",
    .enabled(
      if: Python.hasReaders,
      "needs a Python with vtk, h5py and numpy: pip install vtk h5py, and name it in FROND_PYTHON"),
    arguments: [SIMD3(7, 1, 5), SIMD3(6, 5, 4)])
  func otherReaders(count: SIMD3<Int>) throws {
    let path = folder.path + "/fields.vtkhdf"
    let written = snapshot(count)
    try written.writeVTKHDF(to: path)
    let (n, h) = (written.grid.count, written.grid.spacing)
    let result = try Python.run([
      "-c", Python.check, path, "(\(n.x), \(n.y), \(n.z))", "(\(h.x), \(h.y), \(h.z))", "\(written.bottom)",
    ])
    #expect(result.status == 0 && result.output == "ok\n", "\(result.output)")
  }

  @Test("Several new files may be open at once, and one that is not closed leaves nothing")
  func severalFiles() throws {
    let paths = (0..<3).map { "\(folder.path)/\($0).h5" }
    let files = try paths.map { path in try HDF5File(creating: path) }
    for (index, file) in files.enumerated() { try file.write("/number", [Int64(index)]) }
    try files[0].close()
    try files[1].close()
    for index in 0..<2 { #expect(try HDF5File(opening: paths[index]).read("/number") == [Int64(index)]) }
    #expect(!WholeFile.exists(paths[2]))
    withExtendedLifetime(files) {}
  }

  @Test("What is not a field file is refused by name")
  func notAFieldFile() throws {
    let path = folder.path + "/fields.vtkhdf"
    try Data("nothing".utf8).write(to: URL(fileURLWithPath: path))
    #expect(throws: OutputFailure("read", path, "it is not an HDF5 file, or is truncated")) {
      try Snapshot(readingVTKHDF: path)
    }
    let file = try HDF5File(creating: path)
    try file.close()
    #expect(throws: OutputFailure("read", path, "it is not a VTKHDF image")) {
      try Snapshot(readingVTKHDF: path)
    }
  }

  @Test("Attributes and datasets of each kind come back")
  func hdf5() throws {
    let path = folder.path + "/file.h5"
    let large = (0..<300_000).map { Double($0).squareRoot() }
    do {
      let file = try HDF5File(creating: path)
      try file.createGroup("/group")
      try file.setAttribute("text", of: "/group", to: "µm")
      try file.setAttribute("empty", of: "/group", to: "")
      try file.setAttribute("whole", of: "/group", to: [Int64.min, 7])
      try file.setAttribute("real", of: "/group", to: [0.1])
      try file.write("/group/large", large, shape: [300, 1000], compressed: true)
      try file.write("/group/none", [Int64](), compressed: true)
      try file.write("/group/bytes", Array("text".utf8))
      try file.close()
    }
    let file = try HDF5File(opening: path)
    #expect(try file.text("text", of: "/group") == "µm" && file.text("empty", of: "/group") == "")
    #expect(try file.values("whole", of: "/group") == [Int64.min, 7])
    #expect(try file.values("real", of: "/group") == [0.1])
    #expect(try file.members(of: "/group") == ["bytes", "large", "none"])
    #expect(try file.read("/group/large") == large && file.shape(of: "/group/large") == [300, 1000])
    #expect(try file.read("/group/none") == [Int64]() && file.read("/group/bytes") == Array("text".utf8))
    #expect(throws: OutputFailure("read", path, "/group/other: missing or damaged")) {
      try file.read("/group/other", as: Double.self)
    }
  }
}
