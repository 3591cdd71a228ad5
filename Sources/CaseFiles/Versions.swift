import CCairo
import CHDF5

/// Versions of the libraries that write files, as they are at run time.
public enum LibraryVersions {
  public static var hdf5: String {
    var (major, minor, release) = (UInt32(0), UInt32(0), UInt32(0))
    H5get_libversion(&major, &minor, &release)
    return "\(major).\(minor).\(release)"
  }

  public static var cairo: String { String(cString: cairo_version_string()) }
}
