#pragma once
#include <stdlib.h>
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

// A new file in memory that never touches the disk: when HDF5 itself meets a full disk it cannot close the
// file any more, keeps its space, and crashes when the program ends. HDF5 tells such files apart by their
// names alone, and looks for a file of that name on the disk: give each one that no other has.
static inline hid_t frond_h5_create_in_memory(const char *name) {
  hid_t access = H5Pcreate(H5P_FILE_ACCESS);
  if (access < 0) return -1;
  hid_t file = -1;
  if (H5Pset_fapl_core(access, 1 << 20, 0) >= 0)
    file = H5Fcreate(name, H5F_ACC_TRUNC, H5P_DEFAULT, access);
  H5Pclose(access);
  return file;
}
// The bytes of such a file, which stay its own; NULL on failure. Flush the file before.
static inline const void *frond_h5_bytes_in_memory(hid_t file, size_t *count) {
  ssize_t size = H5Fget_file_image(file, NULL, 0);
  void **bytes = NULL;
  if (size <= 0 || H5Fget_vfd_handle(file, H5P_DEFAULT, (void **)&bytes) < 0 || !bytes) return NULL;
  *count = (size_t)size;
  return *bytes;
}
static inline hid_t frond_h5_open_file(const char *path) {
  return H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
}

// Before anything else. Locks are off: on NFS and Lustre they fail for sound files, and a run's folder has its own.
// Failures are returned; without the second line HDF5 also prints its stack of errors. A setting of the thread.
static inline void frond_h5_begin(void) {
  setenv("HDF5_USE_FILE_LOCKING", "FALSE", 1);
  H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
}
