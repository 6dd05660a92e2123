#include "torch_nets/tensor_file.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <vector>

#include "base/error.h"
#include "torch_nets/torch_net.h"

namespace ebm::torch_nets {
namespace {

std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::string text = "[";
  for (const auto size : shape) text += (text.size() > 1 ? ", " : "") + std::to_string(size);
  return text + "]";
}

}  // namespace

nets::TensorData entry_of(const torch::Tensor& tensor) {
  return nets::TensorData::from_floats(tensor.sizes().vec(), to_vector(tensor));
}

void copy_entry(const nets::SafetensorsFile& file, const std::string& name,
                const std::string& origin, const torch::Tensor& to) {
  const auto refuse = [&](const std::string& why) {
    throw Error(ErrorCode::kBadData, origin + ": tensor " + name + why);
  };
  const auto found = file.tensors.find(name);
  if (found == file.tensors.end()) refuse(" is missing");
  if (torch::IntArrayRef(found->second.shape) != to.sizes()) {
    refuse(" has shape " + shape_text(found->second.shape) + "; expected " +
           shape_text(to.sizes().vec()));
  }
  const auto values = found->second.as_floats();
  for (const float value : values) {
    if (!std::isfinite(value)) {
      refuse(" holds " + std::to_string(value) + "; expected finite numbers");
    }
  }
  const torch::NoGradGuard no_grad;
  auto copy = torch::empty(to.sizes());
  std::memcpy(copy.data_ptr<float>(), values.data(), values.size_bytes());
  to.copy_(copy);
}

void copy_entries(const nets::SafetensorsFile& file, const std::vector<std::string>& names,
                  const std::vector<torch::Tensor>& tensors, const std::string& origin,
                  const std::string& owner) {
  for (std::size_t i = 0; i < names.size(); ++i) copy_entry(file, names[i], origin, tensors[i]);
  require_no_other_entries(file, names, origin, owner);
}

void require_no_other_entries(const nets::SafetensorsFile& file,
                              const std::vector<std::string>& names, const std::string& origin,
                              const std::string& owner) {
  for (const auto& [name, tensor] : file.tensors) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    throw Error(ErrorCode::kBadData, origin + ": tensor " + name + " does not belong to " + owner);
  }
}

}  // namespace ebm::torch_nets
