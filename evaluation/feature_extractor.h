#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace ebm::evaluation {

/// Features of n images, and the classes that a classifier predicts.
struct ImageFeatures {
  std::int64_t n = 0;
  std::int64_t d = 0;
  std::vector<float> values;          ///< [n, d]
  std::vector<std::int64_t> classes;  ///< [n], the largest logit; empty without a classifier
};

/// A fixed function from images to features, in which distances between sets of images are
/// computed. Calls from several threads are safe.
class FeatureExtractor {
 public:
  /// Called now and then, from the calling thread, with the number of images done. What it throws
  /// ends the work.
  using OnImages = std::function<void(std::int64_t n_done)>;

  virtual ~FeatureExtractor() = default;

  /// Values of an image: channels · height · width.
  virtual std::int64_t dim() const = 0;
  /// 0 without a classifier.
  virtual std::int64_t n_classes() const = 0;
  /// Where the features come from, for display.
  virtual const std::string& description() const = 0;

  /// @param rows  images [n, dim] in [−1, 1]
  /// @param name  of the images in messages
  /// @return features whose bits do not depend on n_threads
  /// @throws Error(kShape) if rows are no whole images; Error(kBadData) naming the first image with
  ///         a value that is not finite, or whose features are not.
  virtual ImageFeatures features_of(std::span<const float> rows, const std::string& name,
                                    int n_threads, const OnImages& on_images = nullptr) const = 0;
};

}  // namespace ebm::evaluation
