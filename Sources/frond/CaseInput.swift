import ArgumentParser
import CaseFiles
import Foundation

extension CaseOptions {
  /// The file or folder without a slash at its end.
  var location: String {
    let path = file.reversed().drop { $0 == "/" }.reversed()
    return path.isEmpty ? file : String(path)
  }

  /// Reads the case, that of a run where its folder is given; says all that is wrong with it and throws the exit code if
  /// it cannot be read.
  func input() throws -> CaseFile {
    do throws(CaseProblems) {
      return try CaseFile.read(path: RunFolder.caseFile(in: location) ?? location, overrides: overrides)
    } catch {
      printError("\(error)")
      throw ExitCode.badInput
    }
  }
}
