#include "app/feature_folder.h"

#include <string>

#include "base/error.h"
#include "data/item_shape.h"
#include "models/share_file.h"

namespace ebm::app {
namespace fs = std::filesystem;

fs::path shipped_features(const data::ItemShape& shape) {
  if (shape != data::ItemShape{1, 28, 28}) {
    throw Error(
        ErrorCode::kUsage,
        "no features come with the program for images of " + data::shape_text(shape) +
            "; give --features FILE: ebm features train makes networks for 1x28x28 and "
            "3x32x32, for other shapes use a TorchScript FILE.pt; to train without an FD, set "
            "eval_budget=0");
  }
  const fs::path name = "features/fashion-mnist.safetensors";
  if (const auto found = models::share_file(name)) return *found;
  std::string places;
  for (const fs::path& folder : models::share_folders()) {
    places += (places.empty() ? "" : " or ") + (folder / name).string();
  }
  throw Error(ErrorCode::kNoInput, "no features at " + places + "; give --features FILE");
}

}  // namespace ebm::app
