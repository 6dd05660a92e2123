#include "flow/flow_trainer.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "data/bits_per_dim.h"
#include "flow/density_gradient.h"
#include "flow/flow_model.h"
#include "flow/flow_sampler.h"
#include "torch_nets/intraop_threads.h"
#include "torch_nets/tensor_views.h"
#include "training/ema.h"
#include "training/option_checks.h"

namespace ebm::flow {
namespace {

/// Power iterations, more than those of a step: for the row, and for the file. Of images these take
/// seconds: the file of a stop goes on from the vectors that training has found.
constexpr int kShownIterations = 20, kModelIterations = 200, kStopIterations = 20;
constexpr const char* kModelFile = "model.safetensors";
constexpr const char* kWeightsFile = "weights.safetensors";
/// On each block's inverse, for pictures and distances: far below a grey level of 2/256.
constexpr double kSampleTolerance = 1e-3;

}  // namespace

FlowTrainer::FlowTrainer(const FlowOptions& options, const data::Dataset& dataset,
                         evaluation::QualityReference quality)
    : DataLearner((torch_nets::use_one_intraop_thread(), options),
                  training::validated(options).evaluations(), dataset, quality),
      options_(options),
      architecture_(options.architecture(dataset)),
      learner_(initial_flow(), options_),
      average_(initial_flow()),
      rows_(static_cast<std::size_t>(options.batch_size * dataset.shape.size())) {}

ResidualFlow FlowTrainer::initial_flow() const {
  return {architecture_, static_cast<std::uint64_t>(options_.seed)};
}

void FlowTrainer::prepare() {
  DataLearner::prepare();
  if (counters().iteration > 0) return;
  batches().fill(0, rows_, {});
  learner_.flow().initialise_norms(torch::tensor(rows_).reshape({options_.batch_size, -1}));
  average_.copy_from(learner_.flow());
}

void FlowTrainer::reset_model_state() {
  learner_ = FlowInTraining(initial_flow(), options_);
  average_ = initial_flow();
}

std::optional<std::string> FlowTrainer::iterate() {
  shown_ = {};
  fd().reset();
  const std::int64_t n = options_.batch_size;
  const std::int64_t dim = dataset().shape.size();
  const std::int64_t iteration = counters().iteration;
  batches().fill(iteration, rows_, {});
  const std::vector<double> weights = options_.term_weights(iteration, counters().generation());
  shown_.terms = static_cast<std::int64_t>(weights.size());
  const double share = 1.0 / static_cast<double>(n * dim);
  const std::vector<float> coefficients(static_cast<std::size_t>(n), static_cast<float>(-share));
  const DensityGradient found =
      density_gradient(learner_.flow(), rows_, coefficients,
                       {.key = key(base::Domain::kProbe),
                        .first_stream = static_cast<std::uint64_t>(iteration * n),
                        .weights = weights},
                       n_threads());
  energies_.resize(found.log_p.size());
  std::transform(found.log_p.begin(), found.log_p.end(), energies_.begin(), std::negate<>());
  for (const float energy : energies_) shown_.loss += double{energy} * share;
  shown_.log_det = found.log_det * share;
  std::vector<torch::Tensor> gradient = found.gradient;
  shown_.grad_norm = learner_.backward(gradient);
  if (auto reason = guard().observe({.loss = shown_.loss,
                                     .energy_gap = 0.0,
                                     .grad_norm = shown_.grad_norm,
                                     .saturation = 0.0,
                                     .energies = energies_})) {
    return reason;
  }
  shown_.learning_rate = options_.rate_at(iteration, counters().rollbacks);
  learner_.step(gradient, shown_.grad_norm, shown_.learning_rate, n_threads());
  ++counters().iteration;
  if (counters().iteration % options_.log_every == 0) {
    const auto constants = learner_.flow().lipschitz_constants(kShownIterations);
    shown_.lipschitz = *std::max_element(constants.begin(), constants.end());
  }
  training::update_average(torch_nets::values_of(learner_.flow().tensors()), counters().iteration,
                           options_.ema_decay, torch_nets::values_of(average_.tensors()));
  return std::nullopt;
}

std::optional<std::vector<float>> FlowTrainer::draw_samples(base::Domain domain, std::int64_t n,
                                                            const std::atomic<int>& stop) const {
  base::RandomKey of_domain = key(domain);
  // Pictures show the same latents all through a run, roll-backs or not.
  if (domain == base::Domain::kPreview) of_domain.generation = 0;
  auto samples =
      flow::draw_samples(average_, n, 1.0, of_domain, 0, kSampleTolerance, n_threads(), stop);
  if (!samples) return std::nullopt;
  return std::move(samples->rows);
}

std::vector<training::Figure> FlowTrainer::figures() const {
  std::vector<training::Figure> all{{"loss", shown_.loss}};
  if (dataset().is_bytes()) {
    const std::int64_t dim = dataset().shape.size();
    all.push_back(
        {"bits_per_dim", data::bits_per_dim(shown_.loss * static_cast<double>(dim), 0.0, dim)});
  }
  all.push_back({"log_det", shown_.log_det});
  all.push_back({"grad_norm", shown_.grad_norm});
  all.push_back({"learning_rate", shown_.learning_rate});
  all.push_back({"lipschitz", shown_.lipschitz});
  all.push_back({"terms", shown_.terms});
  if (evaluates_samples()) all.push_back(training::figure_if("fd", fd()));
  return all;
}

training::Learner::Work FlowTrainer::work() const {
  return {"images_per_s", static_cast<double>(options_.batch_size)};
}

void FlowTrainer::show_energies(training::TrainObserver& observer) const {
  observer.on_energies(counters().iteration, energies_, {});
}

nets::CheckpointFiles FlowTrainer::model_state() const {
  nets::CheckpointFiles files{
      {kModelFile, nets::safetensors_bytes(flow_file(average_, options_.data))}};
  learner_.add_to(files, kWeightsFile, "", options_.data);
  return files;
}

void FlowTrainer::restore_model_state(const nets::CheckpointFiles& files,
                                      const std::string& origin) {
  learner_.restore(files, kWeightsFile, "", origin);
  restore_flow(files, kModelFile, origin, average_);
}

nets::SafetensorsFile FlowTrainer::model() const {
  // A mean of projected weights is within the bounds as far as the norms were found; a file is read
  // only if it is.
  ResidualFlow projected = average_.frozen(torch::kFloat32);
  projected.project(kModelIterations, n_threads());
  return flow_file(projected, options_.data);
}

nets::SafetensorsFile FlowTrainer::model_at_stop() const {
  ResidualFlow projected = average_.frozen(torch::kFloat32);
  projected.restore_norm_vectors(learner_.flow().norm_vectors(), "the flow in training");
  projected.project(kStopIterations, n_threads());
  return flow_file(projected, options_.data);
}

}  // namespace ebm::flow
