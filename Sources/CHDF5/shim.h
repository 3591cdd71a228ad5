#pragma once
#if __has_include(<hdf5.h>)
#include <hdf5.h>
#else
#include <hdf5/serial/hdf5.h>
#endif

// HDF5's type and property identifiers are macros over run-time globals, which Swift does not import.
static inline hid_t frond_h5_double(void) { return H5T_NATIVE_DOUBLE; }
