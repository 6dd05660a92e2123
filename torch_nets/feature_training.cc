#include "torch_nets/feature_training.h"

#include <chrono>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/printed.h"
#include "data/class_label.h"
#include "nets/architecture/classifier_presets.h"
#include "torch_nets/feature_scale.h"

namespace ebm::torch_nets {
namespace {

using base::printed;

std::int64_t n_classes_of(const data::Dataset& dataset) {
  if (dataset.labels.empty()) {
    throw Error(ErrorCode::kBadData, dataset.name + " has no labels; a classifier needs them");
  }
  const std::int64_t n = data::n_classes(dataset);
  if (n >= 2 && n <= 1000) return n;
  throw Error(ErrorCode::kBadData, dataset.name + " has " + std::to_string(n) +
                                       " classes; a classifier needs 2 to 1000");
}

}  // namespace

TrainedFeatures train_features(const data::Dataset& dataset,
                               const std::optional<data::Dataset>& test,
                               const ClassifierOptions& options,
                               const std::function<void(const ClassifierProgress&)>& observe) {
  using Clock = std::chrono::steady_clock;
  TrainedFeatures trained;
  nets::FeatureFile& file = trained.file;
  const data::ItemShape& shape = dataset.shape;
  file.architecture =
      nets::classifier_preset({shape.channels, shape.height, shape.width}, n_classes_of(dataset));
  file.feature_layers = nets::penultimate_layers(file.architecture);
  file.data = dataset.name;
  file.seed = options.seed;
  file.epochs = options.epochs;

  const auto start = Clock::now();
  const TorchNet net = train_classifier(file.architecture, dataset, options, observe);
  scale_features(net, dataset, options.n_threads);
  trained.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  trained.train_accuracy = accuracy_of(net, dataset, options.n_threads);
  if (test) trained.test_accuracy = accuracy_of(net, *test, options.n_threads);
  // Without a test split the only accuracy there is is said to be that of the training split.
  file.test_accuracy = trained.test_accuracy.value_or(trained.train_accuracy);
  file.accuracy_split = test ? "test" : "training";
  file.weights.tensors = net.to_tensor_data();
  return trained;
}

nlohmann::json trained_features_json(const TrainedFeatures& trained) {
  const nets::FeatureFile& file = trained.file;
  nlohmann::json document{{"out", file.origin},
                          {"data", file.data},
                          {"net", file.architecture.name},
                          {"parameters", nets::n_parameters(file.architecture)},
                          {"layer", file.layer_text()},
                          {"seed", file.seed},
                          {"epochs", file.epochs},
                          {"train_accuracy", trained.train_accuracy},
                          {"crc32", file.crc32},
                          {"seconds", trained.seconds}};
  if (trained.test_accuracy) document["test_accuracy"] = *trained.test_accuracy;
  return document;
}

std::string trained_features_text(const TrainedFeatures& trained) {
  const nets::FeatureFile& file = trained.file;
  std::string text =
      printed("%s, %lld parameters, trained on %s in %.1f s: accuracy %.2f %% of the training",
              file.architecture.name, static_cast<long long>(nets::n_parameters(file.architecture)),
              file.data, trained.seconds, 100.0 * trained.train_accuracy);
  if (trained.test_accuracy)
    text += printed(", %.2f %% of the test", 100.0 * *trained.test_accuracy);
  return text + printed(" split\nfeatures: %s, in %s (crc32 %s)\n", file.layer_text(), file.origin,
                        file.crc32);
}

}  // namespace ebm::torch_nets
