#include "training/sample_quality.h"

#include "base/error.h"
#include "evaluation/compiled_features.h"
#include "models/shipped_features.h"
#include "training/data_learner.h"

namespace ebm::training {
namespace fs = std::filesystem;

evaluation::LiveQuality open_quality(const std::string& features, const std::string& asked_by,
                                     const evaluation::LiveQualityOptions& options,
                                     const data::Dataset& dataset, OpenFeatures open_script) {
  if (!dataset.is_image) {
    throw Error(ErrorCode::kUsage, asked_by + ": must be left out, as " + dataset.name +
                                       " holds points, which have no features");
  }
  const fs::path file =
      features.empty() ? models::shipped_features(dataset.shape) : fs::path(features);
  const nets::Shape shape = input_shape(dataset);
  if (file.extension() != ".pt") {
    return {std::make_shared<evaluation::CompiledFeatures>(evaluation::read_features(file, shape)),
            dataset, options};
  }
  if (open_script == nullptr) {
    throw Error(ErrorCode::kUsage, "features = " + features + ": TorchScript needs LibTorch");
  }
  return {open_script(file, shape), dataset, options};
}

}  // namespace ebm::training
