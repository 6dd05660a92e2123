#include "models/shipped_features.h"

#include <string>

#include "base/error.h"
#include "data/item_shape.h"

namespace ebm::models {
namespace fs = std::filesystem;

fs::path shipped_features(const data::ItemShape& shape, const fs::path& package) {
  if (shape != data::ItemShape{1, 28, 28}) {
    throw Error(
        ErrorCode::kUsage,
        "no features come with the program for images of " + data::shape_text(shape) +
            "; give --features FILE: ebm features train makes networks for 1x28x28 and "
            "3x32x32, for other shapes use a TorchScript FILE.pt; to train without an FD, set "
            "eval_budget=0");
  }
  const fs::path name = "features/fashion-mnist.safetensors";
  if (const auto found = share_file(name, package)) return *found;
  std::string places;
  for (const fs::path& folder : share_folders(package)) {
    places += (places.empty() ? "" : " or ") + (folder / name).string();
  }
  throw Error(ErrorCode::kNoInput, "no features at " + places + "; give --features FILE");
}

}  // namespace ebm::models
