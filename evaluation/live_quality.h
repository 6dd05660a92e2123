#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "data/dataset.h"
#include "evaluation/feature_extractor.h"
#include "metrics/moments.h"

namespace ebm::evaluation {

struct LiveQualityOptions {
  std::int64_t n = 2000;   ///< training images to compare with, and samples at a time
  std::uint64_t seed = 0;  ///< of the choice of images
  int n_threads = 1;       ///< values do not depend on it
};

/// Quality of the samples of a model in training: their Fréchet distance
/// (metrics/frechet_distance.h) from training images in the features of one network. The images are
/// drawn once, so that all values of a run are comparable.
class LiveQuality {
 public:
  /// Takes the moments of n training images, drawn at random by the seed.
  /// @throws Error(kUsage) naming eval_n if the data have fewer images, or if so few do not
  ///         determine a covariance of the features; Error(kShape) for images of another shape.
  LiveQuality(std::shared_ptr<const FeatureExtractor> features, const data::Dataset& dataset,
              const LiveQualityOptions& options);

  std::int64_t n() const { return options_.n; }
  /// Eight hexadecimal digits that identify images and features: values are comparable only if they
  /// are equal.
  std::string fingerprint() const;

  /// The Fréchet distance of images from the reference; nothing if `stop` becomes nonzero.
  /// @param rows  images [n, dim] in [−1, 1]
  /// @param name  of the images in messages
  /// @throws Error(kBadData) if an image or a feature is not finite.
  std::optional<double> distance_of(std::span<const float> rows, const std::string& name,
                                    const std::atomic<int>& stop) const;

 private:
  std::shared_ptr<const FeatureExtractor> features_;
  LiveQualityOptions options_;
  metrics::Moments reference_;
};

/// One that lives elsewhere, or nothing: then no samples are evaluated.
using QualityReference = std::optional<std::reference_wrapper<const LiveQuality>>;
inline QualityReference reference_to(const std::optional<LiveQuality>& quality) {
  if (!quality) return std::nullopt;
  return *quality;
}

}  // namespace ebm::evaluation
