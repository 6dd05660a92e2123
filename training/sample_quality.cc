#include "training/sample_quality.h"

#include "base/error.h"
#include "training/data_learner.h"

namespace ebm::training {

evaluation::LiveQuality open_quality(const std::string& features, const std::string& asked_by,
                                     const evaluation::LiveQualityOptions& options,
                                     const data::Dataset& dataset,
                                     evaluation::OpenScript open_script,
                                     const std::filesystem::path& package) {
  if (!dataset.is_image) {
    throw Error(ErrorCode::kUsage, asked_by + ": must be left out, as " + dataset.name +
                                       " holds points, which have no features");
  }
  return {evaluation::open_features(features, input_shape(dataset), open_script, package), dataset,
          options};
}

}  // namespace ebm::training
