#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include "evaluation/feature_extractor.h"
#include "nets/compiled/compiled_outputs.h"
#include "nets/files/feature_file.h"

namespace ebm::evaluation {

/// The name of a feature network, for display: its file, training data, layer and accuracy.
std::string describe(const nets::FeatureFile& file);

/// The classifier of a file, for images of that shape.
/// @throws Error(kShape) if it takes others; what nets::read_feature_file throws.
nets::FeatureFile read_features(const std::filesystem::path& path, const nets::Shape& shape);

/// @throws Error(kShape) for rows [n, dim] that are no whole images, Error(kBadData) naming the
///         first image with a value that is not finite.
void require_images(std::span<const float> rows, const nets::Shape& shape, const std::string& name);

/// The classifier of a file of `ebm features train`, compiled for this machine's cores. Its
/// features are named FD-CNN's, never FID's: distances in them compare with others by the same file
/// alone.
class CompiledFeatures : public FeatureExtractor {
 public:
  /// @throws Error(kBadData) if the weights do not fit the architecture.
  explicit CompiledFeatures(const nets::FeatureFile& file);

  std::int64_t dim() const override { return shape_.size(); }
  std::int64_t n_classes() const override { return logits_.n_outputs(); }
  const std::string& description() const override { return description_; }
  ImageFeatures features_of(std::span<const float> rows, const std::string& name, int n_threads,
                            const OnImages& on_images = nullptr) const override;

 private:
  nets::Shape shape_;
  std::string description_;
  nets::CompiledOutputs features_, logits_;  // of all layers: the network is small
};

}  // namespace ebm::evaluation
