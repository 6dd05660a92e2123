#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "app/eval/report.h"
#include "app/eval_images.h"
#include "torch_nets/feature_net.h"

namespace ebm::app {

/// Sets of images against the training images, in the features of one network. Those of a large
/// network take minutes: what takes more than some seconds tells how far it is, and any of it
/// throws base::Stopped where a signal has come.
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
  /// @param stop  base::catch_stop_signals()
  /// @throws Error(kUsage) or Error(kBadData) unless there are more images than features; what
  ///         FeatureNet::features_of throws.
  Judge(const torch_nets::FeatureNet& net, const ImageRows& reference, const ImageRows& test,
        const Options& options, const std::atomic<int>& stop);

  /// Of fewer images than there are references, as many references are taken.
  EvaluatedSet judge(const std::string& key, const ImageRows& images) const;
  /// The test images themselves, the floor of all figures.
  EvaluatedSet judge_test(const std::string& key) const;
  /// The Fréchet distance of judge() alone.
  double fd(const ImageRows& images) const;

  std::int64_t d() const { return reference_.d; }  ///< features

 private:
  torch_nets::ImageFeatures features_of(const ImageRows& images) const;

  const torch_nets::FeatureNet& net_;
  const std::atomic<int>& stop_;
  metrics::SampleQualityOptions options_;
  torch_nets::ImageFeatures reference_, test_;
  std::string test_name_;
};

}  // namespace ebm::app
