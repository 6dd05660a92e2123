#include "flow/flow_options.h"

#include "flow/log_determinant.h"
#include "training/option_checks.h"

namespace ebm::flow {
namespace {

constexpr std::int64_t kMaxPowerIterations = 1000;
constexpr std::int64_t kMaxAutomaticSqueezes = 2;
constexpr double kLogitOfBytes = 1e-6;

}  // namespace

FlowOptions::FlowOptions() {
  iterations = 10000;
  data_noise = 0.0;
  learning_rate = 3e-3;
  lr_schedule = "cosine";
  lr_decay_start = 0;
  lr_final_fraction = 0.02;
  beta1 = 0.9;
  clip_grad_norm = 10.0;
  ema_decay = 0.999;
}

training::ConfigTable FlowOptions::table() {
  training::ConfigTable t;
  add_run_keys(t);
  t.add("logit", &logit,
        "alpha of the logit that images begin with, u = alpha + (1 - 2 alpha)(x + 1)/2; 0: none; "
        "-1: 1e-6 of images of 256 levels, else none");
  t.add("squeezes", &squeezes,
        "scales, each of which begins by making squares of 2x2 pixels channels; 0: one scale "
        "without; -1: 2, or as many as the size allows");
  t.add("blocks", &blocks, "* residual blocks of a scale");
  t.add("hidden", &hidden, "channels within a block");
  t.add("activation", &activation, "* elu, silu, softplus or tanh");
  t.add("coefficient", &coefficient, "* bound on the Lipschitz constant of each layer of a block");
  t.add("log_det", &log_det,
        "series (cut off after `terms`) or roulette (without bias: after these cut off at random)");
  t.add("terms", &terms, "of the series of the log-determinant");
  t.add("roulette", &roulette, "chance of each further term");
  t.add("norm_iterations", &norm_iterations, "power iterations of each layer's norm an iteration");
  add_optimiser_keys(t, "", "* ");
  add_record_keys(t, "the flow's work");
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
    if (!table.is_set("learning_rate")) learning_rate = 1e-3;
    if (!table.is_set("coefficient")) coefficient = 0.9;
    if (!table.is_set("blocks")) blocks = 16;
    if (!table.is_set("activation")) activation = "silu";
  }
  resolve_run();
}

void FlowOptions::validate() const {
  validate_run();
  training::require_one_of("log_det", log_det, {"series", "roulette"});
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
  if (log_det == "series") return std::vector<double>(static_cast<std::size_t>(terms), 1.0);
  base::RandomStream random({static_cast<std::uint64_t>(seed), base::Domain::kRoulette, generation},
                            static_cast<std::uint64_t>(iteration));
  return roulette_weights(terms, roulette, random);
}

training::EvaluationSchedule FlowOptions::evaluations() const {
  return training::EvaluationSchedule::within_budget(eval_budget, static_cast<double>(eval_n),
                                                     static_cast<double>(batch_size), log_every);
}

}  // namespace ebm::flow
