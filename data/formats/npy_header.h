#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ebm::data {

/// What the header of an .npy file says: a Python literal such as
///   {'descr': '<f4', 'fortran_order': False, 'shape': (60000, 28, 28), }
struct NpyHeader {
  std::string descr;
  bool fortran_order = false;
  std::vector<std::int64_t> shape;
};

/// Parses that literal: exactly these three keys, in any order, as Python 2 or 3 writes them.
/// @param offset  where `text` begins in the file, for messages
/// @throws Error(kBadData) with file, offset, what was found and what was expected.
NpyHeader parse_npy_header(std::string_view text, const std::string& file, std::size_t offset);

}  // namespace ebm::data
