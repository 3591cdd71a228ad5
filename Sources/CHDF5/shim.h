#pragma once
#if __has_include(<hdf5.h>)
#include <hdf5.h>
#else
#include <hdf5/serial/hdf5.h>
#endif

// HDF5's type and property identifiers are macros over run-time globals, which Swift does not import.
static inline hid_t frond_h5_double(void) { return H5T_NATIVE_DOUBLE; }
static inline hid_t frond_h5_int64(void) { return H5T_NATIVE_INT64; }
static inline hid_t frond_h5_uint8(void) { return H5T_NATIVE_UINT8; }
static inline hid_t frond_h5_c_string(void) { return H5T_C_S1; }
static inline hid_t frond_h5_dataset_create(void) { return H5P_DATASET_CREATE; }

static inline hid_t frond_h5_create_file(const char *path) {
  return H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
}
static inline hid_t frond_h5_open_file(const char *path) {
  return H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
}

// Failures are returned; without this HDF5 also prints its stack of errors. A setting of the thread.
static inline void frond_h5_silence(void) { H5Eset_auto2(H5E_DEFAULT, NULL, NULL); }
