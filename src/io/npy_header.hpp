#pragma once
#include <agate/core/config.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace AGATE_NAMESPACE::io {

/// The start of an .npy image (numpy.lib.format): magic, version, and a Python dict literal such
/// as {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }.
struct NpyHeader {
  std::string descr;
  bool fortran_order = false;
  std::vector<Index> shape;
  std::size_t size = 0;  ///< where the elements start
};

NpyHeader parse_npy_header(std::string_view bytes, const std::string& name);

}  // namespace AGATE_NAMESPACE::io
