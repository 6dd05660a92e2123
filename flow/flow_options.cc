#include "flow/flow_options.h"

#include <string>
#include <variant>
#include <vector>

#include "base/error.h"
#include "base/number_text.h"
#include "training/option_checks.h"

namespace ebm::flow {
namespace {

constexpr std::int64_t kMaxPowerIterations = 1000;
constexpr std::int64_t kMaxAutomaticSqueezes = 2;
constexpr double kLogitOfBytes = 1e-6;
constexpr base::Choice<LogDet> kTrainingLogDets[] = {{"series", LogDet::kSeries},
                                                     {"roulette", LogDet::kRoulette}};

/// The other defaults of toys.
constexpr double kToyLearningRate = 1e-3, kToyCoefficient = 0.9;
constexpr std::int64_t kToyBlocks = 16;
constexpr nets::ActivationKind kToyActivation = nets::ActivationKind::kSilu;

/// A coordinate that never changes has no density, and a flow that fits it diverges.
/// @throws Error(kBadData) naming it. Images are left alone: their pixels share scales.
void require_density(const data::Dataset& dataset, double data_noise) {
  const auto* values = std::get_if<std::vector<float>>(&dataset.values);
  if (dataset.is_image || values == nullptr || data_noise > 0.0) return;
  const auto dim = static_cast<std::size_t>(dataset.shape.size());
  for (std::size_t coordinate = 0; coordinate < dim; ++coordinate) {
    const float first = (*values)[coordinate];
    bool varies = false;
    for (std::size_t i = coordinate; i < values->size() && !varies; i += dim) {
      varies = (*values)[i] != first;
    }
    if (varies) continue;
    throw Error(
        ErrorCode::kBadData,
        dataset.name + ": coordinate " + std::to_string(coordinate) + " is " +
            base::number_text(first) + " in all " + std::to_string(dataset.n) +
            " items, where a flow has no density; leave it out, or add noise by data_noise");
  }
}

}  // namespace

FlowOptions::FlowOptions() {
  iterations = 10000;
  data_noise = 0.0;
  learning_rate = 3e-3;
  lr_schedule = training::RateSchedule::kCosine;
  lr_decay_start = 0;
  lr_final_fraction = 0.02;
  beta1 = 0.9;
  clip_grad_norm = 10.0;
  ema_decay = 0.999;
}

training::ConfigTable FlowOptions::table() {
  training::ConfigTable t;
  add_run_keys(t);
  t.add("logit", &logit, "alpha of the logit; 0 = none, -1 = 1e-6 for 8-bit images");
  t.add("squeezes", &squeezes, "scales, each after a 2x2 squeeze; 0 = none, -1 = up to 2");
  t.add("blocks", &blocks, "residual blocks per scale");
  t.add("hidden", &hidden, "channels within a block");
  t.add("activation", &activation, flow_activations(), "activation within a block");
  t.add("coefficient", &coefficient, "bound on each layer's Lipschitz constant, below 1");
  t.add("log_det", &log_det, kTrainingLogDets, "log-determinant: truncated or unbiased");
  t.add("terms", &terms, "terms of the log-determinant's series (roulette: minimum)");
  t.add("roulette", &roulette, "roulette: probability of each further term");
  t.add("norm_iterations", &norm_iterations, "power iterations per layer and iteration");
  add_optimiser_keys(t);
  add_record_keys(t, "the flow's samples");
  t.note_other_default("learning_rate", "toys", kToyLearningRate);
  t.note_other_default("coefficient", "toys", kToyCoefficient);
  t.note_other_default("blocks", "toys", kToyBlocks);
  t.note_other_default(
      "activation", "toys",
      std::string(base::name_of("activation", flow_activations(), kToyActivation)));
  return t;
}

void FlowOptions::resolve(const data::Dataset& dataset, const training::ConfigTable& table) {
  if (logit == -1.0) logit = dataset.is_image && dataset.is_bytes() ? kLogitOfBytes : 0.0;
  if (squeezes == -1) {
    squeezes = 0;
    while (dataset.is_image && squeezes < kMaxAutomaticSqueezes &&
           dataset.shape.height % (std::int64_t{2} << squeezes) == 0 &&
           dataset.shape.width % (std::int64_t{2} << squeezes) == 0) {
      ++squeezes;
    }
  }
  if (!dataset.is_image) {
    if (!table.is_set("learning_rate")) learning_rate = kToyLearningRate;
    if (!table.is_set("coefficient")) coefficient = kToyCoefficient;
    if (!table.is_set("blocks")) blocks = kToyBlocks;
    if (!table.is_set("activation")) activation = kToyActivation;
  }
  resolve_run();
}

void FlowOptions::validate() const {
  validate_run();
  base::name_of("log_det", kTrainingLogDets, log_det);  // throws if it is none of these
  training::require_in_range("terms", terms, 1, kMaxTerms);
  training::require_in_range("norm_iterations", norm_iterations, 1, kMaxPowerIterations);
  if (!(roulette > 0.0 && roulette < 1.0)) {
    training::refuse("roulette", roulette, "above 0 and below 1");
  }
}

FlowArchitecture FlowOptions::architecture(const data::Dataset& dataset) const {
  if (logit > 0.0 && !dataset.is_image) {
    training::refuse("logit", logit, "0 for points, which may lie anywhere");
  }
  require_density(dataset, data_noise);
  FlowArchitecture made{.item = {dataset.shape.channels, dataset.shape.height, dataset.shape.width},
                        .logit = logit,
                        .squeezes = squeezes,
                        .blocks = blocks,
                        .hidden = hidden,
                        .activation = activation,
                        .coefficient = coefficient};
  made.validate();
  return made;
}

std::vector<double> FlowOptions::term_weights(std::int64_t iteration,
                                              std::uint32_t generation) const {
  if (log_det == LogDet::kSeries) return std::vector<double>(static_cast<std::size_t>(terms), 1.0);
  base::RandomStream random({static_cast<std::uint64_t>(seed), base::Domain::kRoulette, generation},
                            static_cast<std::uint64_t>(iteration));
  return roulette_weights(terms, roulette, random);
}

training::EvaluationSchedule FlowOptions::evaluations() const {
  return training::EvaluationSchedule::within_budget(eval_budget, static_cast<double>(eval_n),
                                                     static_cast<double>(batch_size), log_every);
}

}  // namespace ebm::flow
