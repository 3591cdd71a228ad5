// Elementary functions, for this module and those that import it.
#if canImport(Glibc)
  @_exported import Glibc
#else
  @_exported import Darwin
#endif
