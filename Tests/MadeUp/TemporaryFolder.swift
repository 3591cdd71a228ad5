import Foundation

/// A folder that goes away with the test.
package final class TemporaryFolder: Sendable {
  package let path: String
  package init() {
    path = FileManager.default.temporaryDirectory.path + "/frond-" + UUID().uuidString
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }
  deinit { try? FileManager.default.removeItem(atPath: path) }
}
