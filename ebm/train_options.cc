#include "ebm/train_options.h"

#include <algorithm>
#include <limits>

#include "base/error.h"
#include "base/number_text.h"
#include "base/require.h"
#include "data/root_mean_square.h"
#include "ebm/negatives.h"
#include "ebm/noise_level_options.h"
#include "ebm/train_defaults.h"
#include "ebm/unread_keys.h"
#include "samplers/energies/guided_energy.h"
#include "training/option_checks.h"

namespace ebm {
namespace {

using base::Choice;

constexpr Choice<Backend> kBackends[] = {
    {"auto", Backend::kAuto}, {"compiled", Backend::kCompiled}, {"torch", Backend::kTorch}};
constexpr Choice<Condition> kConditions[] = {{"none", Condition::kNone},
                                             {"class", Condition::kClass}};
constexpr Choice<Device> kDevices[] = {{"cpu", Device::kCpu}, {"cuda", Device::kCuda}};

std::span<const Choice<ObjectiveKind>> objectives() {
  static const auto kChoices = [] {
    std::vector<Choice<ObjectiveKind>> all;
    for (const ObjectiveEntry& entry : objective_table()) all.push_back({entry.name, entry.kind});
    return all;
  }();
  return kChoices;
}

/// "contrastive divergence or ..."
std::string objectives_help() {
  std::string text;
  for (const ObjectiveEntry& entry : objective_table()) {
    text += (text.empty() ? "" : " or ") + std::string(entry.description);
  }
  return text;
}

/// Of exact optimal transport in a batch.
constexpr std::int64_t kMaxPairs = 4096;

/// What an objective without chains makes of a row takes about as long as so many steps of a
/// chain: a gradient of the weights through that of the energy, or one for it and one for noise.
constexpr std::int64_t kStepsWithoutChains = 3;

void validate_condition(const TrainOptions& options) {
  if (!(options.label_dropout >= 0.0 && options.label_dropout < 1.0)) {
    training::refuse("label_dropout", options.label_dropout, "in [0, 1)");
  }
  training::require_not_negative("classify_weight", options.classify_weight);
  if (options.guidance != 1.0 && options.label_dropout == 0.0) {
    training::refuse("guidance", options.guidance,
                     "1 with label_dropout = 0, as E(x, none) is not trained");
  }
  samplers::Guidance guidance{.weight = options.guidance, .start = options.guidance_start};
  training::require_not_negative("guidance_end", options.guidance_end);
  if (options.guidance_end > 0.0) guidance.end = options.guidance_end;
  guidance.validate();
  if (!(options.guard_class_gap > 0.0)) {
    training::refuse("guard_class_gap", options.guard_class_gap, "positive");
  }
}

void require_perturbations(const TrainOptions& options) {
  training::require_in_range("perturbations", options.perturbations, 1, 1024);
  base::require_positive("stabilisation", options.stabilisation);
  if (options.objective == ObjectiveKind::kEnergyDiscrepancy && options.noise_sd == 0.0) {
    training::refuse("noise_sd", options.noise_sd, "above 0 with objective = discrepancy");
  }
}

/// @throws Error(kBadData) for data that are too large or too small to be computed with.
double measured_data_sd(const data::Dataset& dataset) {
  const double found = data::root_mean_square(dataset);
  constexpr double kLeast = std::numeric_limits<float>::min();
  if (found == 0.0 || (found >= kLeast && found <= training::kMaxNumber)) return found;
  throw Error(ErrorCode::kBadData, dataset.name + ": the root mean square of its values is " +
                                       base::number_text(found) +
                                       ", must be from 1.2e-38 to 1e+12; scale them");
}

}  // namespace

TrainOptions::TrainOptions() {
  learning_rate = 2e-3;
  lr_schedule = training::RateSchedule::kCosine;
  lr_decay_start = 0;
  lr_final_fraction = 0.02;
  ema_decay = 0.999;
}

training::ConfigTable TrainOptions::table() {
  training::ConfigTable t;
  add_run_keys(t);
  t.add("net", &net, "FILE.toml or a preset: uva, uva-wide, mnistnet, ..., mlp");
  t.add("condition", &condition, kConditions,
        "conditional model: class = E(x, label) with the labels of the data");
  t.add("condition_by", &condition_by, nets::kClassConditions,
        "how a preset is conditioned on the class");
  t.add("label_dropout", &label_dropout, "condition = class: probability of dropping a label");
  t.add("classify_weight", &classify_weight,
        "condition = class: weight of the cross-entropy of p(y | x)");
  t.add("guidance", &guidance,
        "condition = class: guidance scale of `ebm sample --class`, kept with the model");
  t.add("guidance_start", &guidance_start,
        "energy-matching: time of the flow from which guidance counts");
  t.add("guidance_end", &guidance_end,
        "energy-matching: time of the flow until which guidance counts; 0 = the end of sampling");
  t.add("objective", &objective, objectives(), objectives_help());
  t.add("noise", &noise, "nce: gaussian (fitted to the data) or MODEL of a flow");
  t.add("noise_learning_rate", &noise_learning_rate,
        "nce: learning rate of a flow as noise; 0 = noise is fixed");
  t.add(
      "noise_sd", &noise_sd,
      "dsm: noise standard deviation of a single-level model E(x); discrepancy: of perturbations");
  t.add("noise_sd_min", &noise_sd_min, "dsm, dual, recovery: smallest noise level of E(x, sigma)");
  t.add("noise_sd_max", &noise_sd_max,
        "dsm, dual, recovery: largest noise level, drawn log-uniformly");
  t.add("data_sd", &data_sd,
        "dsm, dual, recovery: scale of the data in E(x, sigma); 0 = their root mean square");
  t.add("base", &base, "cd: MODEL of a flow to tilt: p = p_flow exp(-E/T) / Z");
  t.add("backend", &backend, kBackends,
        "what evaluates the energy; auto = compiled on cpu, torch on cuda");
  t.add("precision", &precision, nets::kPrecisions,
        "of products in backend compiled; sums are float32");
  t.add("device", &device, kDevices, "device of the network");
  t.add("steps", &steps, "cd: Langevin steps per iteration");
  t.add("step_size", &step_size, "Langevin step size");
  t.add("noise_scale", &noise_scale, "Langevin noise scale");
  t.add("clamp_energy_grad", &clamp_energy_grad,
        "clipping threshold of each entry of dE/dx; 0 disables it");
  t.add("persistent", &persistent, "cd: chains continue from the replay buffer, not from noise");
  t.add("buffer_capacity", &buffer_capacity, "cd: chains in the replay buffer");
  t.add("buffer_storage", &buffer_storage, replay::kStorages, "cd: type of stored values");
  t.add("buffer_policy", &buffer_policy, replay::kPolicies, "cd: where chains are stored");
  t.add("restart_probability", &restart_probability,
        "cd: probability that a chain restarts from noise");
  t.add("augment_probability", &augment.probability,
        "cd: probability that a chain from the buffer is augmented");
  t.add("augment_flip", &augment.flip, "cd: mirrors half of augmented chains, left to right");
  t.add("augment_shift", &augment.shift, "cd: pixels that augmented chains move by at most");
  t.add("augment_colour", &augment.colour,
        "cd: a of U(1-a, 1+a), colour factors of augmented chains");
  t.add("sample_steps", &sample_steps, "steps from noise to a sample");
  t.add("energy_l2", &energy_l2, "cd: weight of mean(E(x+)^2 + E(x-)^2)");
  t.add("energy_scale", &energy_scale,
        "energy-matching, equilibrium: factor on the output of a preset");
  t.add("optimal_pairs", &optimal_pairs,
        "energy-matching: pairs noise and data by optimal transport");
  t.add("contrast_weight", &contrast_weight,
        "energy-matching: weight of mean E(x+) - mean E(x-) in its second phase; 0: none");
  t.add("contrast_start", &contrast_start,
        "energy-matching: share of the iterations before its second phase");
  t.add("perturbations", &perturbations, "discrepancy: perturbed points for each item");
  t.add("stabilisation", &stabilisation,
        "discrepancy: w of its loss; 1 is exact for any number of points");
  t.add("noise_levels", &noise_levels, "recovery: levels of noise that samples go down by");
  t.add("momentum", &momentum, "equilibrium: momentum of Nesterov's descent to samples");
  t.add("kl_weight", &kl_weight, "cd: weight of the KL term of Improved CD");
  add_optimiser_keys(t);
  add_record_keys(t, "chain-steps");
  t.add("guard_class_gap", &guard_class_gap,
        "condition = class: divergence: bound on |mean gap of a class| times energy_l2");
  note_defaults(t);
  return t;
}

void TrainOptions::resolve(bool is_image, const training::ConfigTable& table) {
  take_defaults(*this, is_image, table);
  refuse_unread_keys(*this, table);
  if (backend == Backend::kAuto) {
    backend = device == Device::kCuda ? Backend::kTorch : Backend::kCompiled;
  }
  resolve_run();
}

void TrainOptions::resolve(const data::Dataset& dataset, const training::ConfigTable& table) {
  resolve(dataset.is_image, table);
  augment.require_fitting(image_shape(dataset));
  if (noise_sd_max > 0.0 && data_sd == 0.0) data_sd = measured_data_sd(dataset);
}

void TrainOptions::validate() const {
  TrainOptions copy = *this;
  refuse_unread_keys(copy, {});
  validate_condition(*this);
  require_noise_levels(*this);
  training::require_not_negative("noise_learning_rate", noise_learning_rate);
  if (has_learned_noise() && noise == kGaussianNoise) {
    training::refuse("noise_learning_rate", noise_learning_rate, "0 unless noise is a flow");
  }
  if (has_learned_noise() && batch_size < 2) {
    training::refuse("batch_size", batch_size, "at least 2 for noise to learn");
  }
  const bool has_chains = needs().negatives == NegativeSource::kChains;
  if (!base.empty()) {
    const std::string key = "base = " + base + ": ";
    if (kl_weight != 0.0) training::refuse("kl_weight", kl_weight, "0 with a base");
    // The pull of the base would be cut off with that of the network.
    if (clamp_energy_grad != 0.0) {
      training::refuse("clamp_energy_grad", clamp_energy_grad, "0 with a base");
    }
    const samplers::LangevinOptions chains = langevin(true);
    if (!(samplers::effective_temperature(chains.step_size, chains.noise_scale) > 0.0f)) {
      throw Error(ErrorCode::kUsage, key + "without noise T is 0, and there is no density to tilt");
    }
    if (device == Device::kCuda) {
      throw Error(ErrorCode::kUsage, key + "not supported by device = cuda");
    }
  }
  if (backend == Backend::kAuto) {
    throw Error(ErrorCode::kUsage, "backend = auto: TrainOptions::resolve() has to choose");
  }
  if (device == Device::kCuda && backend == Backend::kCompiled) {
    throw Error(ErrorCode::kUsage,
                "backend = compiled: runs on the CPU; use backend = torch with device = cuda");
  }
  if (precision != nets::Precision::kFloat32 && backend != Backend::kCompiled) {
    training::refuse("precision", "bf16", "f32 with backend = torch");
  }
  validate_run();
  training::require_in_range("steps", steps, 1, training::kMaxSteps);
  training::require_not_negative("step_size", step_size);
  training::require_not_negative("noise_scale", noise_scale);
  training::require_not_negative("clamp_energy_grad", clamp_energy_grad);
  training::require_not_negative("energy_l2", energy_l2);
  training::require_not_negative("kl_weight", kl_weight);
  base::require_positive("energy_scale", energy_scale);
  if (energy_scale != 1.0 && net.ends_with(".toml")) {
    training::refuse("energy_scale", energy_scale,
                     "1, as " + net + " has its own layers (type = \"scale\")");
  }
  training::require_not_negative("contrast_weight", contrast_weight);
  if (!(contrast_start >= 0.0 && contrast_start < 1.0)) {
    training::refuse("contrast_start", contrast_start, "in [0, 1)");
  }
  if (contrast_weight > 0.0 && batch_size < 2) {
    training::refuse("batch_size", batch_size, "at least 2 for chains from noise and from data");
  }
  if (contrast_weight > 0.0 && noise_scale == 0.0) {
    training::refuse("noise_scale", noise_scale,
                     "above 0 with contrast_weight > 0, whose chains have a temperature");
  }
  if (contrast_weight > 0.0 && static_cast<double>(sample_steps) * step_size < 1.0) {
    training::refuse("sample_steps", sample_steps,
                     "at least 1 / step_size with contrast_weight > 0, so that chains arrive");
  }
  if (optimal_pairs && batch_size < 2) {
    training::refuse("batch_size", batch_size, "at least 2 for pairs to differ");
  }
  if (optimal_pairs && batch_size > kMaxPairs) {
    training::refuse("batch_size", batch_size,
                     "at most " + std::to_string(kMaxPairs) +
                         " with optimal_pairs, whose work grows faster than its square");
  }
  require_perturbations(*this);
  base::require_between("momentum", momentum, 0.0, 0.9999);
  training::require_in_range("sample_steps", sample_steps, 1, training::kMaxSteps);
  training::require_in_range("buffer_capacity", buffer_capacity, 1, training::kMaxChains);
  if (persistent && has_chains && buffer_capacity < batch_size) {
    training::refuse("buffer_capacity", buffer_capacity,
                     "at least batch_size, " + std::to_string(batch_size));
  }
  augment.validate();
  langevin(true).validate();
  replay(1, true).validate();
}

double TrainOptions::max_class_gap() const {
  if (energy_l2 == 0.0) return guard_energy_gap;
  return std::min(guard_energy_gap, guard_class_gap / energy_l2);
}

std::string TrainOptions::torch_setting() const {
  if (backend == Backend::kTorch) return "backend = torch";
  if (device == Device::kCuda) return "device = cuda";
  if (!base.empty()) return "base = " + base;
  const bool has_noise = needs().negatives == NegativeSource::kNoise;
  if (has_noise && noise != kGaussianNoise) return "noise = " + noise;
  if (eval_budget > 0.0 && features.ends_with(".pt")) return "features = " + features;
  return "";
}

samplers::LangevinOptions TrainOptions::langevin(bool is_image) const {
  samplers::LangevinOptions options{.step_size = base::to_float("step_size", step_size),
                                    .noise_scale = base::to_float("noise_scale", noise_scale)};
  if (clamp_energy_grad > 0.0)
    options.clamp_energy_grad = base::to_float("clamp_energy_grad", clamp_energy_grad);
  if (is_image) options.box = samplers::Box{-1.0f, 1.0f};
  return options;
}

replay::ReplayOptions TrainOptions::replay(std::int64_t item_size, bool is_image) const {
  return {.capacity = buffer_capacity,
          .item_size = item_size,
          .storage = buffer_storage,
          .policy = buffer_policy,
          .restart_probability = restart_probability,
          .box = is_image ? std::optional(samplers::Box{-1.0f, 1.0f}) : std::nullopt,
          .seed = static_cast<std::uint64_t>(seed)};
}

training::EvaluationSchedule TrainOptions::evaluations() const {
  if (eval_budget == 0.0) return {.log_every = log_every};
  const auto trained_by = objective_entry(objective).make(*this, true);
  const nets::SamplerRecipe recipe =
      trained_by->recipe({.langevin = langevin(true), .n_steps = sample_steps});
  const std::int64_t of_a_sample = samplers::n_gradients(nets::settings_of(recipe), recipe.n_steps);
  const Needs needs = trained_by->needs();
  const bool has_chains = needs.negatives == NegativeSource::kChains;
  const std::int64_t of_an_item = has_chains ? steps : kStepsWithoutChains * needs.rows;
  return training::EvaluationSchedule::within_budget(
      eval_budget, static_cast<double>(eval_n) * static_cast<double>(of_a_sample),
      static_cast<double>(batch_size) * static_cast<double>(of_an_item), log_every);
}

}  // namespace ebm
