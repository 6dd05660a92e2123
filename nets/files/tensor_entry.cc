#include "nets/files/tensor_entry.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace ebm::nets {
namespace {

std::string size_list(const std::vector<std::int64_t>& shape) {
  std::string text = "[";
  for (const auto size : shape) text += (text.size() > 1 ? ", " : "") + std::to_string(size);
  return text + "]";
}

}  // namespace

void copy_entry(const SafetensorsFile& file, const std::string& name,
                const std::vector<std::int64_t>& shape, const std::string& origin,
                std::span<float> to) {
  const auto refuse = [&](const std::string& why) {
    throw Error(ErrorCode::kBadData, origin + ": tensor " + name + why);
  };
  const auto found = file.tensors.find(name);
  if (found == file.tensors.end()) refuse(" is missing");
  if (found->second.shape != shape) {
    refuse(" has shape " + size_list(found->second.shape) + "; expected " + size_list(shape));
  }
  const auto values = found->second.as_floats();
  for (const float value : values) {
    if (!std::isfinite(value)) {
      refuse(" holds " + std::to_string(value) + "; expected finite numbers");
    }
  }
  std::copy(values.begin(), values.end(), to.begin());
}

void require_no_other_entries(const SafetensorsFile& file, const std::vector<std::string>& names,
                              const std::string& origin, const std::string& owner) {
  for (const auto& [name, tensor] : file.tensors) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    throw Error(ErrorCode::kBadData, origin + ": tensor " + name + " does not belong to " + owner);
  }
}

}  // namespace ebm::nets
