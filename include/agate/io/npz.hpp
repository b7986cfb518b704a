#pragma once
/// \file
/// numpy archives: .npz (a zip of .npy files) and .npy.

#include <agate/io/array.hpp>
#include <map>
#include <string>

namespace AGATE_NAMESPACE::io {

/// All arrays of an archive by name (without ".npy"). Fortran-ordered arrays are turned to C order.
/// Arrays of text ('U' and 'S') are left out: no Array can hold them.
/// Error(format) naming the file and the member for a damaged archive or header, big-endian or
/// pickled (object) data, any other element type, a size that does not match, or a member that
/// unpacks to more than 16 GiB.
std::map<std::string, Array> read_npz(const std::string& path);
/// The same of the bytes of an archive; `name` stands for the path in messages.
std::map<std::string, Array> parse_npz(const std::string& bytes, const std::string& name);

/// One .npy image (versions 1 to 3). Error(format) as above, and for text.
Array parse_npy(const std::string& bytes, const std::string& name);

}  // namespace AGATE_NAMESPACE::io
