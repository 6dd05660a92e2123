#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "evaluation/feature_extractor.h"
#include "nets/architecture/architecture.h"
#include "torch_nets/libtorch.h"

namespace ebm::torch_nets {

/// Features by a function of LibTorch, without a classifier. Images go through in fixed groups of
/// 32 with one intra-op thread each, groups side by side, so that the bits do not depend on the
/// number of threads.
class FeatureNet : public evaluation::FeatureExtractor {
 public:
  /// Features [n, d] of x [n, c, h, w].
  using Apply = std::function<torch::Tensor(const torch::Tensor& x)>;

  /// @param input  shape of the images
  /// @param apply  of which several threads may make use at a time
  FeatureNet(nets::Shape input, std::string description, Apply apply);

  std::int64_t dim() const override { return input_.size(); }
  std::int64_t n_classes() const override { return 0; }
  const std::string& description() const override { return description_; }

  evaluation::ImageFeatures features_of(std::span<const float> rows, const std::string& name,
                                        int n_threads,
                                        const OnImages& on_images = nullptr) const override;

 private:
  void apply_to_group(std::span<const float> rows, std::int64_t first,
                      evaluation::ImageFeatures& out) const;

  nets::Shape input_;
  std::string description_;
  Apply apply_;
};

}  // namespace ebm::torch_nets
