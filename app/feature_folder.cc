#include "app/feature_folder.h"

#include <string>

#include "base/error.h"

namespace ebm::app {
namespace fs = std::filesystem;

fs::path shipped_features(const data::ItemShape& shape) {
  if (shape != data::ItemShape{1, 28, 28}) {
    throw Error(ErrorCode::kUsage,
                "no features come with the program for images of " +
                    std::to_string(shape.channels) + "x" + std::to_string(shape.height) + "x" +
                    std::to_string(shape.width) +
                    "; make some with ebm features train and give them with --features FILE");
  }
  const fs::path name = "features/fashion-mnist.safetensors";
  std::error_code error;
  const fs::path self = fs::read_symlink("/proc/self/exe", error);
  const fs::path installed = self.parent_path().parent_path() / "share" / "ebm" / name;
  const fs::path in_source = fs::path(EBM_SHARE_DIR) / name;
  for (const fs::path& path : {installed, in_source}) {
    if (fs::exists(path, error)) return path.lexically_normal();
  }
  throw Error(ErrorCode::kNoInput, "no features at " + installed.string() + " or " +
                                       in_source.string() + "; give --features FILE");
}

}  // namespace ebm::app
