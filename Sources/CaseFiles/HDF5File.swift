import CHDF5
import Foundation

/// A number that HDF5 stores as it lies in memory.
protocol HDF5Element: BitwiseCopyable {
  static var hdf5Type: hid_t { get }
  static var zero: Self { get }
}

extension Double: HDF5Element {
  static var hdf5Type: hid_t { frond_h5_double() }
}
extension Int64: HDF5Element {
  static var hdf5Type: hid_t { frond_h5_int64() }
}
extension UInt8: HDF5Element {
  static var hdf5Type: hid_t { frond_h5_uint8() }
}

/// An HDF5 file. Objects are named by their path in it, "/group/dataset".
///
/// Every failure is an `OutputFailure` with the file's path and the object that it concerns.
final class HDF5File {
  let path: String
  private let action: String
  private var file: hid_t

  /// A new, empty file. It is in memory until `close` writes it in place of whatever has that name.
  init(creating path: String) throws(OutputFailure) {
    self.path = path
    action = "write"
    frond_h5_begin()
    file = frond_h5_create_in_memory("in memory, " + UUID().uuidString)
    guard file >= 0 else { throw OutputFailure(action, path, "HDF5 failed") }
  }

  /// An existing file, for reading.
  init(opening path: String) throws(OutputFailure) {
    self.path = path
    action = "read"
    frond_h5_begin()
    guard access(path, R_OK) == 0 else { throw OutputFailure(action, path, code: errno) }
    file = frond_h5_open_file(path)
    guard file >= 0 else { throw OutputFailure(action, path, "it is not an HDF5 file, or is truncated") }
  }

  /// Writes a new file to the disk. Without a call nothing is written.
  func close() throws(OutputFailure) {
    guard file >= 0 else { return }
    defer {
      H5Fclose(file)
      file = -1
    }
    guard action == "write" else { return }
    _ = try check(H5Fflush(file, H5F_SCOPE_GLOBAL), "the last buffers")
    var count = 0
    guard let bytes = frond_h5_bytes_in_memory(file, &count) else {
      throw OutputFailure(action, path, "HDF5 failed")
    }
    try WholeFile.create(path, holding: UnsafeRawBufferPointer(start: bytes, count: count))
  }

  deinit { if file >= 0 { H5Fclose(file) } }

  // MARK: Groups

  func createGroup(_ name: String) throws(OutputFailure) {
    H5Gclose(try check(H5Gcreate2(file, name, 0, 0, 0), "group \(name)"))
  }

  func contains(_ name: String) -> Bool { H5Lexists(file, name, 0) > 0 }

  /// Names of what lies in a group, sorted.
  func members(of group: String) throws(OutputFailure) -> [String] {
    var info = H5G_info_t()
    _ = try check(H5Gget_info_by_name(file, group, &info, 0), "group \(group)")
    var names: [String] = []
    for place in 0..<info.nlinks {
      let length = H5Lget_name_by_idx(file, group, H5_INDEX_NAME, H5_ITER_INC, place, nil, 0, 0)
      _ = try check(length, "group \(group)")
      var text = [CChar](repeating: 0, count: length + 1)
      H5Lget_name_by_idx(file, group, H5_INDEX_NAME, H5_ITER_INC, place, &text, length + 1, 0)
      names.append(string(text))
    }
    return names
  }

  // MARK: Attributes

  /// A fixed-length string without terminator, ASCII where it can be, as the VTKHDF format wants it.
  func setAttribute(_ name: String, of object: String, to text: String) throws(OutputFailure) {
    let bytes = Array(text.utf8)
    let type = try check(H5Tcopy(frond_h5_c_string()), "attribute \(name)")
    defer { H5Tclose(type) }
    H5Tset_size(type, max(bytes.count, 1))
    H5Tset_strpad(type, H5T_STR_NULLPAD)
    H5Tset_cset(type, bytes.allSatisfy { $0 < 128 } ? H5T_CSET_ASCII : H5T_CSET_UTF8)
    let space = H5Screate(H5S_SCALAR)
    defer { H5Sclose(space) }
    try writeAttribute(name, of: object, type, space, bytes.isEmpty ? [0] : bytes)
  }

  func setAttribute<T: HDF5Element>(_ name: String, of object: String, to values: [T]) throws(OutputFailure) {
    var size = hsize_t(values.count)
    let space = try check(H5Screate_simple(1, &size, nil), "attribute \(name)")
    defer { H5Sclose(space) }
    try writeAttribute(name, of: object, T.hdf5Type, space, values)
  }

  func text(_ name: String, of object: String) throws(OutputFailure) -> String {
    let attribute = try check(H5Aopen_by_name(file, object, name, 0, 0), "attribute \(name) of \(object)")
    defer { H5Aclose(attribute) }
    let type = H5Aget_type(attribute)
    defer { H5Tclose(type) }
    guard H5Tget_class(type) == H5T_STRING, H5Tis_variable_str(type) == 0 else {
      throw OutputFailure(action, path, "attribute \(name) of \(object) is not a string of fixed length")
    }
    var bytes = [CChar](repeating: 0, count: H5Tget_size(type) + 1)
    _ = try check(H5Aread(attribute, type, &bytes), "attribute \(name) of \(object)")
    return string(bytes)
  }

  func values<T: HDF5Element>(
    _ name: String, of object: String, as type: T.Type = T.self
  ) throws(OutputFailure) -> [T] {
    let attribute = try check(H5Aopen_by_name(file, object, name, 0, 0), "attribute \(name) of \(object)")
    defer { H5Aclose(attribute) }
    let space = H5Aget_space(attribute)
    defer { H5Sclose(space) }
    var values = [T](repeating: .zero, count: max(0, Int(H5Sget_simple_extent_npoints(space))))
    _ = try check(H5Aread(attribute, T.hdf5Type, &values), "attribute \(name) of \(object)")
    return values
  }

  // MARK: Datasets

  /// Writes an array, slowest dimension first; compressed ones in chunks, shuffled and deflated.
  func write<T: HDF5Element>(
    _ name: String, _ values: [T], shape: [Int]? = nil, compressed: Bool = false
  ) throws(OutputFailure) {
    let shape = shape ?? [values.count]
    precondition(shape.reduce(1, *) == values.count, "the shape of \(name) holds its values")
    let sizes = shape.map { hsize_t($0) }
    let space = try check(H5Screate_simple(Int32(sizes.count), sizes, nil), name)
    defer { H5Sclose(space) }
    let properties = try check(H5Pcreate(frond_h5_dataset_create()), name)
    defer { H5Pclose(properties) }
    if compressed && !values.isEmpty {
      H5Pset_chunk(properties, Int32(sizes.count), chunk(sizes))
      H5Pset_shuffle(properties)
      H5Pset_deflate(properties, 3)
    }
    let dataset = try check(H5Dcreate2(file, name, T.hdf5Type, space, 0, properties, 0), name)
    defer { H5Dclose(dataset) }
    _ = try check(H5Dwrite(dataset, T.hdf5Type, 0, 0, 0, values), name)
  }

  /// Reads an array of whatever shape.
  func read<T: HDF5Element>(_ name: String, as type: T.Type = T.self) throws(OutputFailure) -> [T] {
    let dataset = try check(H5Dopen2(file, name, 0), name)
    defer { H5Dclose(dataset) }
    let space = H5Dget_space(dataset)
    defer { H5Sclose(space) }
    var values = [T](repeating: .zero, count: max(0, Int(H5Sget_simple_extent_npoints(space))))
    if !values.isEmpty { _ = try check(H5Dread(dataset, T.hdf5Type, 0, 0, 0, &values), name) }
    return values
  }

  /// Sizes of a dataset, slowest first.
  func shape(of name: String) throws(OutputFailure) -> [Int] {
    let dataset = try check(H5Dopen2(file, name, 0), name)
    defer { H5Dclose(dataset) }
    let space = H5Dget_space(dataset)
    defer { H5Sclose(space) }
    var sizes = [hsize_t](repeating: 0, count: Int(H5Sget_simple_extent_ndims(space)))
    H5Sget_simple_extent_dims(space, &sizes, nil)
    return sizes.map { Int($0) }
  }

  // MARK: Details

  /// Chunks of whole fastest rows, about 2¹⁷ elements (1 MiB of doubles: what HDF5 caches by default).
  private func chunk(_ sizes: [hsize_t]) -> [hsize_t] {
    var left = hsize_t(1 << 17)
    var chunk: [hsize_t] = []
    for size in sizes.reversed() {
      let taken = max(1, min(size, left))
      chunk.insert(taken, at: 0)
      left /= taken
    }
    return chunk
  }

  private func writeAttribute<T: BitwiseCopyable>(
    _ name: String, of object: String, _ type: hid_t, _ space: hid_t, _ values: [T]
  ) throws(OutputFailure) {
    let what = "attribute \(name) of \(object)"
    let attribute = try check(H5Acreate_by_name(file, object, name, type, space, 0, 0, 0), what)
    defer { H5Aclose(attribute) }
    _ = try check(H5Awrite(attribute, type, values), what)
  }

  private func check<T: SignedInteger>(_ status: T, _ what: String) throws(OutputFailure) -> T {
    guard status < 0 else { return status }
    throw OutputFailure(action, path, "\(what): \(action == "read" ? "missing or damaged" : "HDF5 failed")")
  }

  private func string(_ characters: [CChar]) -> String {
    String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
