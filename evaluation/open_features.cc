#include "evaluation/open_features.h"

#include "base/error.h"
#include "evaluation/compiled_features.h"
#include "models/shipped_features.h"

namespace ebm::evaluation {

bool is_torch_script(const std::filesystem::path& features) {
  return features.extension() == ".pt";
}

std::shared_ptr<const FeatureExtractor> open_features(const std::string& features,
                                                      const nets::Shape& shape,
                                                      OpenScript open_script,
                                                      const std::filesystem::path& package) {
  const std::filesystem::path file =
      features.empty()
          ? models::shipped_features({shape.channels, shape.height, shape.width}, package)
          : std::filesystem::path(features);
  if (!is_torch_script(file)) {
    return std::make_shared<CompiledFeatures>(read_features(file, shape));
  }
  if (open_script == nullptr) {
    throw Error(ErrorCode::kUsage, "features = " + features + ": TorchScript needs LibTorch");
  }
  return open_script(file, shape);
}

}  // namespace ebm::evaluation
