#include "torch_nets/classifier.h"

#include <torch/nn/functional/loss.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/float_mode.h"
#include "base/parallel.h"
#include "base/require.h"
#include "data/batch_source.h"
#include "torch_nets/intraop_threads.h"
#include "torch_nets/tensor_views.h"
#include "torch_nets/weight_gradient.h"
#include "training/adam.h"
#include "training/learning_rate.h"

namespace ebm::torch_nets {
namespace {

void require_fitting(const nets::Architecture& architecture, const data::Dataset& dataset) {
  const nets::Shape shape{dataset.shape.channels, dataset.shape.height, dataset.shape.width};
  if (shape != architecture.input) {
    throw Error(ErrorCode::kShape, dataset.name + " has items of shape " + nets::to_string(shape) +
                                       "; the classifier takes " +
                                       nets::to_string(architecture.input));
  }
  if (dataset.labels.empty()) {
    throw Error(ErrorCode::kBadData, dataset.name + " has no labels; a classifier needs them");
  }
  const std::int64_t n_classes = nets::infer_shapes(architecture).back().size();
  for (const std::int32_t label : dataset.labels) {
    if (label >= 0 && label < n_classes) continue;
    throw Error(ErrorCode::kBadData, dataset.name + " has the label " + std::to_string(label) +
                                         "; the classifier has " + std::to_string(n_classes) +
                                         " classes");
  }
}

torch::Tensor labels_from(const std::vector<std::int32_t>& labels, std::int64_t first,
                          std::int64_t n) {
  auto out = torch::empty({n}, torch::kInt64);
  std::copy_n(labels.begin() + first, n, out.data_ptr<std::int64_t>());
  return out;
}

}  // namespace

void ClassifierOptions::validate() const {
  base::require_at_least("epochs", epochs, 1);
  base::require_at_least("batch_size", batch_size, 1);
  base::require_positive("learning_rate", learning_rate);
  base::require_at_least("threads", n_threads, 1);
}

TorchNet train_classifier(const nets::Architecture& architecture, const data::Dataset& dataset,
                          const ClassifierOptions& options,
                          const std::function<void(const ClassifierProgress&)>& observe) {
  options.validate();
  require_fitting(architecture, dataset);
  use_one_intraop_thread();
  const base::FlushDenormals flush;
  TorchNet net(architecture, options.seed, nets::Outputs::kAny);
  training::Adam adam(trained_tensors(net.trainable_names(), net.trainable()), {.beta1 = 0.9});
  data::BatchSource batches(
      dataset, {.batch_size = options.batch_size, .seed = options.seed, .dequantize = false});
  const auto n_batch = static_cast<std::size_t>(options.batch_size);
  std::vector<float> rows(n_batch * static_cast<std::size_t>(batches.dim()));
  std::vector<std::int32_t> labels(n_batch);
  ClassifierProgress progress;
  progress.n_iterations =
      std::max<std::int64_t>(1, options.epochs * dataset.n / options.batch_size);
  const training::LearningRate rate{.peak = options.learning_rate,
                                    .schedule = training::RateSchedule::kCosine,
                                    .decay_start = 0,
                                    .decay_end = progress.n_iterations,
                                    .final_fraction = 0.01};
  for (std::int64_t iteration = 0; iteration < progress.n_iterations; ++iteration) {
    batches.fill(iteration, rows, labels);
    std::atomic<std::int64_t> n_right = 0;
    const auto losses = [&](std::int64_t first, const torch::Tensor& x) {
      const auto logits = net.outputs_with(net.layer_weights(), x);
      const auto wanted = labels_from(labels, first, x.size(0));
      n_right += logits.argmax(1).eq(wanted).sum().item<std::int64_t>();
      return torch::nn::functional::cross_entropy(
                 logits, wanted,
                 torch::nn::functional::CrossEntropyFuncOptions().reduction(torch::kNone)) /
             static_cast<double>(options.batch_size);
    };
    auto result = loss_gradient(net, rows, losses, options.n_threads);
    progress.loss = 0.0;
    for (const float loss : result.energies) progress.loss += loss;
    if (!std::isfinite(progress.loss)) {
      throw Error(ErrorCode::kDiverged,
                  "the classifier diverged at iteration " + std::to_string(iteration + 1) +
                      ": its loss is not finite; take a smaller learning rate");
    }
    adam.step(views_of(result.gradient), rate.at(iteration));
    progress.iteration = iteration + 1;
    progress.accuracy = static_cast<double>(n_right) / static_cast<double>(options.batch_size);
    if (observe) observe(progress);
  }
  return net;
}

double accuracy_of(const TorchNet& classifier, const data::Dataset& dataset, int n_threads) {
  require_fitting(classifier.architecture(), dataset);
  use_one_intraop_thread();
  constexpr std::int64_t kGroup = 128;
  const data::BatchSource source(dataset, {.batch_size = 1});
  const auto weights = classifier.frozen_weights();
  std::atomic<std::int64_t> n_right = 0;
  base::parallel_for((dataset.n + kGroup - 1) / kGroup, n_threads, [&](std::int64_t task) {
    const base::FlushDenormals flush;
    const torch::NoGradGuard no_grad;
    const std::int64_t first = task * kGroup;
    const std::int64_t n = std::min(kGroup, dataset.n - first);
    auto x = torch::empty({n, source.dim()});
    source.fill_range(first, n, {x.data_ptr<float>(), static_cast<std::size_t>(x.numel())});
    n_right += classifier.outputs_with(weights, x)
                   .argmax(1)
                   .eq(labels_from(dataset.labels, first, n))
                   .sum()
                   .item<std::int64_t>();
  });
  return static_cast<double>(n_right) / static_cast<double>(dataset.n);
}

}  // namespace ebm::torch_nets
