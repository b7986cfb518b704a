#pragma once
/// \file
/// Whole files: reading them, and writing them so that a crash leaves the old one whole.

#include <agate/core/config.hpp>
#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace AGATE_NAMESPACE::io {

/// The bytes of a file. Error(not_found) when it does not exist, Error(io) when it cannot be read
/// (a folder, no permission), Error(limit) when it is larger than `most` bytes.
std::string read_file(const std::string& path, std::size_t most = std::size_t{1} << 34);

/// read_file, and gunzip when the content starts with the gzip magic. `most` bounds the unpacked
/// size. Error(format) for a damaged archive.
std::string read_text(const std::string& path, std::size_t most = std::size_t{1} << 34);

/// Writes beside the target, flushes to disk, renames over it, flushes the folder. On any failure
/// throws Error(io) naming the path and the system's reason, the temporary file is removed and the
/// target is as it was (or new and whole, when only flushing the folder failed). The target of a
/// link is replaced, not the link. What cannot be replaced (/dev/stdout, a pipe) is written into.
void write_file(const std::string& path, std::string_view content);

/// Throws Error(io) now rather than after hours of training if `path` cannot be written: its
/// folder does not exist or is not writable, or it is itself a folder.
void check_writable(const std::string& path);

}  // namespace AGATE_NAMESPACE::io
