#pragma once

#include <string>

#include "nets/files/safetensors.h"
#include "torch_nets/libtorch.h"

namespace ebm::torch_nets {

/// A float tensor of any device as an entry of a file.
nets::TensorData entry_of(const torch::Tensor& tensor);

/// Copies the entry of that name into a float tensor of any device.
/// @param origin  names the file in messages
/// @throws Error(kBadData) naming origin and the entry that is missing, of another shape or not
///         finite.
void copy_entry(const nets::SafetensorsFile& file, const std::string& name,
                const std::string& origin, const torch::Tensor& to);

}  // namespace ebm::torch_nets
