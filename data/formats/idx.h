#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace ebm::data {

/// The content of an IDX file of unsigned bytes.
struct IdxArray {
  std::vector<std::int64_t> dims;    ///< 1 to 4 lengths, each at least 1
  std::vector<std::uint8_t> values;  ///< their product, in C order
};

/// Reads an IDX file, plain or gzipped (detected by content, not by name). Layout: two zero
/// bytes, the type 0x08 (unsigned byte), the number of dimensions, each length as a big-endian
/// 32-bit number, then the values and nothing else. Lengths that the file cannot hold are found
/// before memory is taken for them.
/// @throws Error(kBadData) with file, offset, what was found and what was expected; Error(kNoInput)
///         and Error(kIo) as read_input_file.
/// Source: LeCun, Cortes, Burges, "The MNIST database of handwritten digits".
IdxArray read_idx(const std::filesystem::path& file);

}  // namespace ebm::data
