#pragma once
/// \file
/// numpy archives: .npz (a zip of .npy files) and .npy.

#include <agate/io/array.hpp>
#include <map>
#include <string>

namespace AGATE_NAMESPACE::io {

/// All arrays of an archive by name (without ".npy"). Fortran-ordered arrays are turned to C order.
/// Error(format) naming the file and the member for a damaged archive or header, big-endian or
/// pickled (object) data, a size that does not match, or a member that unpacks to more than 16 GiB.
std::map<std::string, Array> read_npz(const std::string& path);

/// One .npy image.
Array parse_npy(const std::string& bytes, const std::string& name);

}  // namespace AGATE_NAMESPACE::io
