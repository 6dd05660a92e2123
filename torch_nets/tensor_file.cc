#include "torch_nets/tensor_file.h"

#include "nets/files/tensor_entry.h"
#include "torch_nets/torch_net.h"

namespace ebm::torch_nets {
nets::TensorData entry_of(const torch::Tensor& tensor) {
  return nets::TensorData::from_floats(tensor.sizes().vec(), to_vector(tensor));
}

void copy_entry(const nets::SafetensorsFile& file, const std::string& name,
                const std::string& origin, const torch::Tensor& to) {
  const torch::NoGradGuard no_grad;
  auto copy = torch::empty(to.sizes());
  nets::copy_entry(file, name, to.sizes().vec(), origin,
                   {copy.data_ptr<float>(), static_cast<std::size_t>(copy.numel())});
  to.copy_(copy);
}

void copy_entries(const nets::SafetensorsFile& file, const std::vector<std::string>& names,
                  const std::vector<torch::Tensor>& tensors, const std::string& origin,
                  const std::string& owner) {
  for (std::size_t i = 0; i < names.size(); ++i) copy_entry(file, names[i], origin, tensors[i]);
  nets::require_no_other_entries(file, names, origin, owner);
}

}  // namespace ebm::torch_nets
