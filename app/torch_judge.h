#pragma once

#include <cstdint>
#include <string>

#include "app/eval_images.h"
#include "app/eval_report.h"
#include "torch_nets/feature_net.h"

namespace ebm::app {

/// Sets of images against the training images, in the features of one network.
class Judge {
 public:
  struct Options {
    bool is_n_given = false;  ///< by the user, for the advice
    std::string data;         ///< SPEC that the images are from, for messages
    std::uint64_t seed = 0;
    int n_threads = 1;
  };

  /// @param net   has to outlive it
  /// @param test  images that no model was trained on
  /// @throws Error(kUsage) or Error(kBadData) unless there are more images than features; what
  ///         FeatureNet::features_of throws.
  Judge(const torch_nets::FeatureNet& net, const ImageRows& reference, const ImageRows& test,
        const Options& options);

  /// Of fewer images than there are references, as many references are taken.
  EvaluatedSet judge(const std::string& key, const ImageRows& images) const;
  /// The test images themselves, the floor of all figures.
  EvaluatedSet judge_test(const std::string& key) const;
  /// The Fréchet distance of judge() alone.
  double fd(const ImageRows& images) const;

  std::int64_t d() const { return reference_.d; }  ///< features

 private:
  const torch_nets::FeatureNet& net_;
  torch_nets::ImageFeatures reference_, test_;
  std::string test_name_;
  metrics::SampleQualityOptions options_;
};

}  // namespace ebm::app
