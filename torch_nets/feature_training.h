#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "data/dataset.h"
#include "nets/files/feature_file.h"
#include "torch_nets/classifier.h"

namespace ebm::torch_nets {

/// A classifier whose penultimate activations are features of images, and how it was trained.
struct TrainedFeatures {
  nets::FeatureFile file;  ///< origin and crc32 are empty until it is written
  double train_accuracy = 0.0;
  std::optional<double> test_accuracy = std::nullopt;  ///< nothing without a test split
  double seconds = 0.0;                                ///< that training took
};

/// Trains the classifier of nets::classifier_preset on labelled images, and scales its features
/// (torch_nets/feature_scale.h).
/// @param test     the test split, if there is one
/// @param observe  called after every iteration; may be empty
/// @throws Error(kBadData) without labels, or for fewer than 2 classes or more than 1000; what
///         classifier_preset() and train_classifier() throw
TrainedFeatures train_features(const data::Dataset& dataset,
                               const std::optional<data::Dataset>& test,
                               const ClassifierOptions& options,
                               const std::function<void(const ClassifierProgress&)>& observe = {});

/// What `ebm features train` prints, as one document.
/// @param trained  with the origin and crc32 of the file that was written
nlohmann::json trained_features_json(const TrainedFeatures& trained);
/// The same as lines for a person, each ending with a newline.
std::string trained_features_text(const TrainedFeatures& trained);

}  // namespace ebm::torch_nets
