#pragma once

#include <string>
#include <vector>

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

/// Copies all entries of a file into tensors of their names.
/// @param names  one per tensor
/// @param owner  what the tensors are of, for messages
/// @throws Error(kBadData) as copy_entry() and as nets::require_no_other_entries().
void copy_entries(const nets::SafetensorsFile& file, const std::vector<std::string>& names,
                  const std::vector<torch::Tensor>& tensors, const std::string& origin,
                  const std::string& owner);

}  // namespace ebm::torch_nets
