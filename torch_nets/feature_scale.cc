#include "torch_nets/feature_scale.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <variant>
#include <vector>

#include "base/error.h"
#include "base/float_mode.h"
#include "base/parallel.h"
#include "data/batch_source.h"
#include "metrics/moments.h"
#include "metrics/random_subset.h"
#include "nets/files/feature_file.h"

namespace ebm::torch_nets {
namespace {

constexpr std::int64_t kMaxItems = 10000;
constexpr std::int64_t kItemsATask = 32;

bool is_plain_linear(const nets::Layer& layer) {
  const auto* linear = std::get_if<nets::Linear>(&layer.op);
  return linear != nullptr && linear->bias && !linear->spectral_norm && !linear->weight_norm;
}

/// @throws Error(kShape) unless the network ends with linear, ReLU, linear.
void require_scalable(const nets::Architecture& architecture) {
  const auto& layers = architecture.layers;
  const std::size_t n = layers.size();
  const auto* relu = n < 3 ? nullptr : std::get_if<nets::Activation>(&layers[n - 2].op);
  if (relu != nullptr && relu->kind == nets::ActivationKind::kRelu &&
      is_plain_linear(layers[n - 3]) && is_plain_linear(layers[n - 1])) {
    return;
  }
  throw Error(ErrorCode::kShape, "network '" + architecture.name +
                                     "': features are scaled where the network ends with linear, "
                                     "relu, linear, with biases and no norm of weights");
}

/// Features [n, d] of the items.
std::vector<float> features_of(const TorchNet& classifier, std::int64_t n_layers,
                               const data::Dataset& dataset, const std::vector<std::int64_t>& items,
                               std::int64_t d, int n_threads) {
  const data::BatchSource source(dataset, {.batch_size = 1});
  const auto weights = classifier.frozen_weights();
  const auto n = std::ssize(items);
  std::vector<float> features(static_cast<std::size_t>(n * d));
  base::parallel_for((n + kItemsATask - 1) / kItemsATask, n_threads, [&](std::int64_t task) {
    const base::FlushDenormals flush;
    const torch::NoGradGuard no_grad;
    const std::int64_t first = task * kItemsATask, n_rows = std::min(kItemsATask, n - first);
    auto x = torch::empty({n_rows, source.dim()});
    for (std::int64_t i = 0; i < n_rows; ++i) {
      source.fill_range(
          items[static_cast<std::size_t>(first + i)], 1,
          {x.data_ptr<float>() + i * source.dim(), static_cast<std::size_t>(source.dim())});
    }
    const auto found = classifier.outputs_with(weights, x, n_layers).contiguous();
    std::copy_n(found.data_ptr<float>(), n_rows * d, features.begin() + first * d);
  });
  return features;
}

}  // namespace

double scale_features(const TorchNet& classifier, const data::Dataset& dataset, int n_threads) {
  const nets::Architecture& architecture = classifier.architecture();
  const std::int64_t n_layers = nets::penultimate_layers(architecture);
  require_scalable(architecture);
  const std::int64_t d =
      nets::infer_shapes(architecture)[static_cast<std::size_t>(n_layers - 1)].size();
  const auto items = metrics::random_subset(dataset.n, std::min(dataset.n, kMaxItems), 0, 0,
                                            metrics::SubsetOf::kReference);
  const auto features = features_of(classifier, n_layers, dataset, items, d, n_threads);
  const auto moments = metrics::moments_of(
      metrics::FeatureView(features, std::ssize(items), d, dataset.name), {}, n_threads);
  double variance = 0.0;
  for (std::int64_t j = 0; j < d; ++j) {
    variance += moments.covariance[static_cast<std::size_t>(j * d + j)] / static_cast<double>(d);
  }
  if (!(variance > 0.0) || !std::isfinite(variance)) {
    throw Error(ErrorCode::kBadData, "the features of " + dataset.name +
                                         " have the mean variance " + std::to_string(variance) +
                                         ", expected a positive one");
  }
  const double scale = 1.0 / std::sqrt(variance);
  // The last four tensors: weight and bias of the features' layer, and of the logits'.
  const auto tensors = classifier.trainable();
  const torch::NoGradGuard no_grad;
  tensors[tensors.size() - 4].mul_(scale);
  tensors[tensors.size() - 3].mul_(scale);
  tensors[tensors.size() - 2].div_(scale);
  return scale;
}

}  // namespace ebm::torch_nets
