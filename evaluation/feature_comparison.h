#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "evaluation/feature_extractor.h"
#include "evaluation/image_sets.h"
#include "evaluation/progress.h"
#include "metrics/neighbours/memorisation.h"
#include "metrics/sample_quality.h"

namespace ebm::evaluation {

/// A set of images compared with the training images.
struct EvaluatedSet {
  std::string key;   ///< in JSON: "noise", "test", ...
  std::string name;  ///< for display
  metrics::SampleQuality quality;
  std::optional<metrics::Memorisation> memorisation = std::nullopt;  ///< not of the test images
};

/// Compares sets of images with training images in the features of one network. Features of a large
/// network take minutes.
class FeatureComparison {
 public:
  struct Options {
    std::string limited_by = {};  ///< the data that n was taken from; empty if n was chosen
    std::uint64_t seed = 0;
    int n_threads = 1;                 ///< values do not depend on it
    OnProgress on_progress = nullptr;  ///< its phase is the name of the images
  };

  /// @param features  has to outlive it
  /// @param test      images that no model was trained on
  /// @throws Error(kUsage) or Error(kBadData) unless there are more images than features; what
  ///         FeatureExtractor::features_of throws.
  FeatureComparison(const FeatureExtractor& features, const ImageRows& reference,
                    const ImageRows& test, const Options& options);

  /// If there are fewer images than references, as many references are taken.
  EvaluatedSet compare(const std::string& key, const ImageRows& images) const;
  /// The test images themselves: the best values that a model can reach.
  EvaluatedSet compare_test(const std::string& key) const;
  /// The Fréchet distance of compare() alone.
  double frechet_distance(const ImageRows& images) const;

  std::int64_t d() const { return reference_.d; }  ///< features

 private:
  ImageFeatures features_of(const ImageRows& images) const;

  const FeatureExtractor& features_;
  OnProgress on_progress_;
  metrics::SampleQualityOptions options_;
  ImageFeatures reference_, test_;
  std::string test_name_;
};

}  // namespace ebm::evaluation
