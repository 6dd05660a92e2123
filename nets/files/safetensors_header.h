#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "nets/files/safetensors.h"

namespace ebm::nets {

/// The key of a header that holds text and no tensor.
inline constexpr std::string_view kMetadataName = "__metadata__";
/// The format's bound on the header, which limits a reader's work.
inline constexpr std::size_t kMaxHeaderBytes = 100'000'000;

/// An entry of a safetensors header, not yet checked against the data.
struct TensorEntry {
  std::string name;
  DType dtype = DType::kF32;
  std::vector<std::int64_t> shape;  ///< sizes at least 0
  std::uint64_t begin = 0;          ///< first byte, from the start of the data
  std::uint64_t end = 0;            ///< one past the last byte
};

struct SafetensorsHeader {
  std::vector<TensorEntry> tensors;  ///< in the order of the file, names unique
  std::map<std::string, std::string, std::less<>> metadata;
};

/// Reads the JSON of a header: {NAME: {"dtype": TEXT, "shape": [INTEGER...], "data_offsets":
/// [INTEGER, INTEGER]}, ..., "__metadata__": {TEXT: TEXT, ...}} and nothing else.
/// @throws Error(kBadData) naming `origin`, the entry and what would be right.
SafetensorsHeader parse_safetensors_header(std::string_view json, std::string_view origin);

}  // namespace ebm::nets
