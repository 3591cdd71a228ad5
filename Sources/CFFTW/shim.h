#pragma once
#include <fftw3.h>

// `fftw_version` is an array, which Swift does not import.
static inline const char *frond_fftw_version(void) { return fftw_version; }
