import CFFTW

/// The version of FFTW in use, as it prints itself ("fftw-3.3.10-sse2-avx").
public var fftwVersion: String { String(cString: frond_fftw_version()) }
