import CHDF5

/// The version of HDF5 at run time.
package var hdf5Version: String {
  var (major, minor, release) = (UInt32(0), UInt32(0), UInt32(0))
  H5get_libversion(&major, &minor, &release)
  return "\(major).\(minor).\(release)"
}
