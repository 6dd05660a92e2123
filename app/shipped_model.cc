#include "app/shipped_model.h"

#include <system_error>

#include "app/share_file.h"

namespace ebm::app {
namespace fs = std::filesystem;

fs::path model_path(const std::string& model) {
  std::error_code error;
  const bool is_plain_name = model.find('/') == std::string::npos;
  if (is_plain_name && !model.empty() && !fs::exists(model, error)) {
    if (const auto shipped = share_file(fs::path("models") / (model + ".safetensors"))) {
      return *shipped;
    }
  }
  return model;
}

}  // namespace ebm::app
