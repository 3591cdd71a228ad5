import CFFTW

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What FFTW has learned about its plans.
///
/// A plan found anew may add in another order and so change the last bit of a result: a run that is to be
/// continued keeps its wisdom. Not to be called while another thread plans.
public enum Wisdom {
  public static var text: String {
    guard let characters = fftw_export_wisdom_to_string() else { return "" }
    defer { free(characters) }
    return String(cString: characters)
  }

  /// Adds to what is known; later plans of the same kind and size are taken from it.
  ///
  /// - Returns: false when the text is not the wisdom of this version of FFTW.
  @discardableResult
  public static func restore(_ text: String) -> Bool { fftw_import_wisdom_from_string(text) == 1 }
}
