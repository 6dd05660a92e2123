#include "flow/flow_trainer.h"

#include <algorithm>
#include <functional>

#include "base/require.h"
#include "data/bits_per_dim.h"
#include "flow/density_gradient.h"
#include "flow/flow_model.h"
#include "flow/flow_sampler.h"
#include "torch_nets/intraop_threads.h"
#include "training/data_fingerprint.h"
#include "training/ema.h"

namespace ebm::flow {
namespace {

/// Power iterations, more than those of a step: for the row, and for the file.
constexpr int kShownIterations = 20, kModelIterations = 200;
constexpr std::int64_t kPreviewItems = 64;
/// On each block's inverse, for pictures and distances: far below a grey level of 2/256.
constexpr double kSampleTolerance = 1e-3;

}  // namespace

FlowTrainer::FlowTrainer(const FlowOptions& options, const data::Dataset& dataset,
                         const training::LiveQuality* quality)
    : options_((options.validate(), torch_nets::use_one_intraop_thread(), options)),
      dataset_(dataset),
      quality_(quality),
      state_(options, options.architecture(dataset)),
      rows_(static_cast<std::size_t>(options.batch_size * dataset.shape.size())) {
  if (options_.evaluations().period > 0) base::require_given("quality", quality);
  state_.counters.data_fingerprint = training::fingerprint(dataset);
}

void FlowTrainer::prepare() {
  batches_.emplace(dataset_, options_.batches(state_.counters.generation()));
  if (state_.counters.iteration > 0) return;
  batches_->fill(0, rows_, {});
  state_.flow.initialise_norms(torch::tensor(rows_).reshape({options_.batch_size, -1}));
  state_.average.copy_from(state_.flow);
}

void FlowTrainer::start_afresh() {
  const std::string fingerprint = state_.counters.data_fingerprint;
  state_ = FlowState(options_, state_.flow.architecture());
  state_.counters.data_fingerprint = fingerprint;
}

std::optional<std::string> FlowTrainer::iterate() {
  shown_ = {};
  const std::int64_t n = options_.batch_size;
  const std::int64_t dim = dataset_.shape.size();
  const std::int64_t iteration = state_.counters.iteration;
  batches_->fill(iteration, rows_, {});
  const std::vector<double> weights =
      options_.term_weights(iteration, state_.counters.generation());
  shown_.terms = static_cast<std::int64_t>(weights.size());
  const base::RandomKey probe_key{static_cast<std::uint64_t>(options_.seed), base::Domain::kProbe,
                                  state_.counters.generation()};
  const double share = 1.0 / static_cast<double>(n * dim);
  const std::vector<float> coefficients(static_cast<std::size_t>(n), static_cast<float>(-share));
  const DensityGradient found =
      density_gradient(state_.flow, rows_, coefficients,
                       {.key = probe_key,
                        .first_stream = static_cast<std::uint64_t>(iteration * n),
                        .weights = weights},
                       static_cast<int>(options_.threads));
  energies_.resize(found.log_p.size());
  std::transform(found.log_p.begin(), found.log_p.end(), energies_.begin(), std::negate<>());
  for (const float energy : energies_) shown_.loss += double{energy} * share;
  shown_.log_det = found.log_det * share;
  std::vector<torch::Tensor> gradient = found.gradient;
  state_.free.pull_back(state_.flow, gradient);
  shown_.grad_norm = training::gradient_norm(gradient);
  if (auto reason = state_.guard.observe({.loss = shown_.loss,
                                          .energy_gap = 0.0,
                                          .grad_norm = shown_.grad_norm,
                                          .saturation = 0.0})) {
    return reason;
  }
  training::clip_gradient(gradient, shown_.grad_norm, options_.clip_grad_norm);
  shown_.learning_rate = options_.rate_at(iteration, state_.counters.rollbacks);
  state_.adam.step(gradient, shown_.learning_rate);
  state_.free.hold(state_.flow, static_cast<int>(options_.norm_iterations));
  ++state_.counters.iteration;
  if (state_.counters.iteration % options_.log_every == 0) {
    const auto constants = state_.flow.lipschitz_constants(kShownIterations);
    shown_.lipschitz = *std::max_element(constants.begin(), constants.end());
  }
  training::update_average(state_.flow.tensors(), state_.counters.iteration, options_.ema_decay,
                           state_.average.tensors());
  return std::nullopt;
}

bool FlowTrainer::evaluate(const std::atomic<int>& stop, training::TrainObserver& /*observer*/) {
  const auto samples = draw_samples(state_.average, quality_->n(), 1.0,
                                    {static_cast<std::uint64_t>(options_.seed),
                                     base::Domain::kEvaluation, state_.counters.generation()},
                                    0, kSampleTolerance, static_cast<int>(options_.threads), stop);
  if (!samples) return false;
  shown_.fd = quality_->distance_of(samples->rows, "samples", stop);
  return shown_.fd.has_value();
}

std::vector<training::Figure> FlowTrainer::figures() const {
  std::vector<training::Figure> all{{"loss", shown_.loss}};
  if (dataset_.is_bytes()) {
    const std::int64_t dim = dataset_.shape.size();
    all.push_back(
        {"bits_per_dim", data::bits_per_dim(shown_.loss * static_cast<double>(dim), 0.0, dim)});
  }
  all.push_back({"log_det", shown_.log_det});
  all.push_back({"grad_norm", shown_.grad_norm});
  all.push_back({"learning_rate", shown_.learning_rate});
  all.push_back({"lipschitz", shown_.lipschitz});
  all.push_back({"terms", shown_.terms});
  if (quality_ != nullptr) all.push_back(training::figure_if("fd", shown_.fd));
  return all;
}

training::Learner::Work FlowTrainer::work() const {
  return {"images_per_s", static_cast<double>(options_.batch_size)};
}

void FlowTrainer::show_energies(training::TrainObserver& observer) const {
  observer.on_energies(state_.counters.iteration, energies_, {});
}

void FlowTrainer::show_samples(training::TrainObserver& observer) const {
  // Points of a plane need more of them to show a density, and cost less.
  const std::int64_t n = dataset_.is_image ? kPreviewItems : kPreviewItems * kPreviewItems;
  const std::atomic<int> never{0};
  const auto samples = draw_samples(
      state_.average, n, 1.0, {static_cast<std::uint64_t>(options_.seed), base::Domain::kPreview},
      0, kSampleTolerance, static_cast<int>(options_.threads), never);
  observer.on_samples(state_.counters.iteration, "flow", samples->rows);
}

nets::CheckpointFiles FlowTrainer::to_files(bool scheduled) const {
  return state_.to_files(options_.data, scheduled);
}

nets::SafetensorsFile FlowTrainer::model() const {
  // A mean of projected weights is within the bounds as far as the norms were found; a file is read
  // only if it is.
  ResidualFlow projected = state_.average.frozen(torch::kFloat32);
  projected.project(kModelIterations);
  return flow_file(projected, options_.data);
}

}  // namespace ebm::flow
