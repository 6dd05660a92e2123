#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "nets/files/safetensors.h"

namespace ebm::nets {

/// A tensor of one axis with the given bytes.
inline TensorData raw_tensor(DType dtype, const void* bytes, std::size_t n_bytes) {
  TensorData tensor{.dtype = dtype, .shape = {}, .bytes = std::vector<std::byte>(n_bytes)};
  std::memcpy(tensor.bytes.data(), bytes, n_bytes);
  tensor.shape = {static_cast<std::int64_t>(n_bytes) / dtype_size(dtype)};
  return tensor;
}

}  // namespace ebm::nets
