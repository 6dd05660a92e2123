#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>

#include "evaluation/feature_extractor.h"
#include "nets/files/feature_file.h"
#include "torch_nets/libtorch.h"

namespace ebm::torch_nets {

/// A network with fixed weights that gives features of images. They go through in fixed groups of
/// 32 with one intra-op thread each, groups side by side, so that the bits do not depend on the
/// number of threads.
class FeatureNet : public evaluation::FeatureExtractor {
 public:
  /// Features [n, d] and logits [n, n_classes] (or an undefined tensor) of x [n, c, h, w].
  struct Outputs {
    torch::Tensor features;
    torch::Tensor logits;
  };
  using Apply = std::function<Outputs(const torch::Tensor& x)>;

  /// The classifier of a file. Its features are named FD-CNN's, never FID's: distances in them
  /// compare with others by the same file alone.
  /// @throws Error(kBadData) if the weights do not fit the architecture.
  explicit FeatureNet(const nets::FeatureFile& file);
  /// Any other function, of which several threads may make use at a time.
  /// @param input  shape of the images
  FeatureNet(nets::Shape input, std::int64_t n_classes, std::string description, Apply apply);

  const nets::Shape& input() const { return input_; }
  std::int64_t dim() const override { return input_.size(); }
  std::int64_t n_classes() const override { return n_classes_; }
  /// The file, its training data, layer and accuracy.
  const std::string& description() const override { return description_; }

  evaluation::ImageFeatures features_of(std::span<const float> rows, const std::string& name,
                                        int n_threads,
                                        const OnImages& on_images = nullptr) const override;

 private:
  void apply_to_group(std::span<const float> rows, std::int64_t first,
                      evaluation::ImageFeatures& out) const;

  nets::Shape input_;
  std::int64_t n_classes_;
  std::string description_;
  Apply apply_;
};

/// Opens a file of `ebm features train`, or, if its name ends in .pt, a TorchScript module
/// (torch_script_features.h).
/// @param input  shape of the images
/// @throws Error(kNoInput), Error(kBadData) naming the file; Error(kShape) if it takes others.
FeatureNet open_feature_net(const std::filesystem::path& path, const nets::Shape& input);

}  // namespace ebm::torch_nets
