#include "ebm/train_options.h"

#include <algorithm>
#include <sstream>
#include <string_view>
#include <variant>

#include "base/error.h"
#include "base/require.h"
#include "data/root_mean_square.h"
#include "ebm/noise_level_options.h"
#include "ebm/objective_defaults.h"
#include "training/option_checks.h"

namespace ebm {
namespace {

using base::Choice;

constexpr Choice<Backend> kBackends[] = {
    {"auto", Backend::kAuto}, {"compiled", Backend::kCompiled}, {"torch", Backend::kTorch}};
constexpr Choice<Condition> kConditions[] = {{"none", Condition::kNone},
                                             {"class", Condition::kClass}};
constexpr Choice<Device> kDevices[] = {{"cpu", Device::kCpu}, {"cuda", Device::kCuda}};
constexpr Choice<replay::Storage> kStorages[] = {{"float32", replay::Storage::kFloat32},
                                                 {"uint8", replay::Storage::kUint8}};
constexpr Choice<replay::Policy> kPolicies[] = {{"in-place", replay::Policy::kInPlace},
                                                {"ring", replay::Policy::kRing},
                                                {"reservoir", replay::Policy::kReservoir}};

std::span<const Choice<ObjectiveKind>> objectives() {
  static const auto choices = [] {
    std::vector<Choice<ObjectiveKind>> all;
    for (const ObjectiveEntry& entry : objective_table()) all.push_back({entry.name, entry.kind});
    return all;
  }();
  return choices;
}

/// "contrastive divergence or ..."
std::string objectives_help() {
  std::string text;
  for (const ObjectiveEntry& entry : objective_table()) {
    text += (text.empty() ? "" : " or ") + std::string(entry.description);
  }
  return text;
}

/// The other defaults of toys, which live in no box. ε = 0.125 of the 8-Gaussians toy of
/// ebm-anatomy (Nijkamp et al. 2020): T = 1.
constexpr double kToyStepSize = 0.0078125, kToyNoiseScale = 0.125;
/// A gradient of the weights through that of the energy takes about as long as so many steps of a
/// chain.
constexpr std::int64_t kStepsOfAMixedGradient = 3;
constexpr double kToyClamp = 0.0, kToyEnergyL2 = 0.0;

/// Notes the learning rate and its decay of runs that have those of any run.
void note_general_rate(training::ConfigTable& table) {
  std::string runs = "toys";
  for (const ObjectiveEntry& entry : objective_table()) {
    if (!entry.has_image_rate) runs += ", " + std::string(entry.name);
  }
  training::RunOptions general;
  training::ConfigTable of_any_run;
  general.add_optimiser_keys(of_any_run);
  TrainOptions images;
  training::ConfigTable of_images;
  images.add_optimiser_keys(of_images);
  for (std::size_t i = 0; i < of_any_run.keys().size(); ++i) {
    const auto& key = of_any_run.keys()[i];
    const auto value = training::ConfigTable::present_value(key);
    if (value == training::ConfigTable::present_value(of_images.keys()[i])) continue;
    table.note_other_default(key.name, runs, value);
  }
}

/// Sets the learning rate and its decay as those of any run, unless they were set.
void take_general_rate(TrainOptions& options, const training::ConfigTable& table) {
  const TrainOptions own;
  const training::RunOptions general;
  const auto take = [&](const char* key, auto member) {
    if (!table.is_set(key) && options.*member == own.*member) options.*member = general.*member;
  };
  take("learning_rate", &training::RunOptions::learning_rate);
  take("lr_schedule", &training::RunOptions::lr_schedule);
  take("lr_decay_start", &training::RunOptions::lr_decay_start);
  take("lr_final_fraction", &training::RunOptions::lr_final_fraction);
  take("ema_decay", &training::RunOptions::ema_decay);
}

bool is_listed(const ObjectiveEntry& entry, std::string_view key) {
  return std::ranges::any_of(entry.own_keys,
                             [&](const ObjectiveEntry::OwnKey& own) { return own.name == key; });
}

/// Calls visit(name, member, neutral value) for each key that only objectives other than that of
/// the options read.
template <class Visit>
void for_each_foreign_key(const TrainOptions& options, const Visit& visit) {
  for (const ObjectiveEntry& entry : objective_table()) {
    for (const ObjectiveEntry::OwnKey& key : entry.own_keys) {
      if (is_listed(objective_entry(options.objective), key.name)) continue;
      const auto visit_member = [&]<class Value>(Value TrainOptions::*member) {
        visit(key.name, member, static_cast<Value>(key.neutral));
      };
      std::visit(visit_member, key.member);
    }
  }
}

/// As in a configuration: 0.5, false.
template <class Value>
std::string setting_text(Value value) {
  std::ostringstream text;
  text << std::boolalpha << value;
  return text.str();
}

void validate_condition(const TrainOptions& options) {
  if (!(options.label_dropout >= 0.0 && options.label_dropout < 1.0)) {
    training::refuse("label_dropout", options.label_dropout, "in [0, 1)");
  }
  training::require_not_negative("classify_weight", options.classify_weight);
  if (!(options.guard_class_gap > 0.0)) {
    training::refuse("guard_class_gap", options.guard_class_gap, "positive");
  }
  const TrainOptions defaults;
  const std::string only = " unless condition = class";
  if (!options.has_classes() && options.label_dropout != defaults.label_dropout) {
    training::refuse("label_dropout", options.label_dropout, "left out" + only);
  }
  if (!options.has_classes() && options.classify_weight != 0.0) {
    training::refuse("classify_weight", options.classify_weight, "0" + only);
  }
  if (!options.has_classes() && options.guard_class_gap != defaults.guard_class_gap) {
    training::refuse("guard_class_gap", options.guard_class_gap, "left out" + only);
  }
  if (options.condition_by == defaults.condition_by) return;
  const bool has_own_layers = options.net.ends_with(".toml");
  if (options.has_classes() && !has_own_layers) return;
  training::refuse(
      "condition_by",
      base::name_of<nets::ClassCondition>("condition_by", nets::kClassConditions,
                                          options.condition_by),
      "left out" + (has_own_layers ? ", as " + options.net + " has its own layers" : only));
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
  t.add("objective", &objective, objectives(), objectives_help());
  t.add("noise", &noise, "nce: gaussian (fitted to the data) or MODEL of a flow");
  t.add("noise_learning_rate", &noise_learning_rate,
        "nce: learning rate of a flow as noise; 0 = noise is fixed");
  t.add("noise_sd", &noise_sd, "dsm: noise standard deviation of a single-level model E(x)");
  t.add("noise_sd_min", &noise_sd_min, "dsm, dual: smallest noise level of E(x, sigma)");
  t.add("noise_sd_max", &noise_sd_max, "dsm, dual: largest noise level, drawn log-uniformly");
  t.add("data_sd", &data_sd,
        "dsm, dual: scale of the data in E(x, sigma); 0 = their root mean square");
  t.add("base", &base, "MODEL of a flow to tilt: p = p_flow exp(-E/T) / Z");
  t.add("backend", &backend, kBackends,
        "what evaluates the energy; auto = compiled on cpu, torch on cuda");
  t.add("precision", &precision, nets::kPrecisions,
        "of products in backend compiled; sums are float32");
  t.add("device", &device, kDevices, "device of the network");
  t.add("steps", &steps, "Langevin steps per iteration");
  t.add("step_size", &step_size, "Langevin step size");
  t.add("noise_scale", &noise_scale, "Langevin noise scale");
  t.add("clamp_energy_grad", &clamp_energy_grad,
        "clipping threshold of each entry of dE/dx; 0 disables it");
  t.add("persistent", &persistent, "chains continue from the replay buffer, not from noise");
  t.add("buffer_capacity", &buffer_capacity, "chains in the replay buffer");
  t.add("buffer_storage", &buffer_storage, kStorages, "type of stored values");
  t.add("buffer_policy", &buffer_policy, kPolicies, "where chains are stored");
  t.add("restart_probability", &restart_probability,
        "probability that a chain restarts from noise");
  t.add("sample_steps", &sample_steps, "Langevin steps from noise to a sample");
  t.add("energy_l2", &energy_l2, "cd: weight of mean(E(x+)^2 + E(x-)^2)");
  t.add("energy_scale", &energy_scale, "energy-matching: factor on the output of a preset");
  t.add("optimal_pairs", &optimal_pairs,
        "energy-matching: pairs noise and data by optimal transport");
  t.add("contrast_weight", &contrast_weight,
        "energy-matching: weight of mean E(x+) - mean E(x-) in its second phase; 0: none");
  t.add("contrast_start", &contrast_start,
        "energy-matching: share of the iterations before its second phase");
  t.add("kl_weight", &kl_weight, "cd: weight of the KL term of Improved CD");
  add_optimiser_keys(t);
  add_record_keys(t, "chain-steps");
  t.add("guard_class_gap", &guard_class_gap,
        "condition = class: divergence: bound on |mean gap of a class| times energy_l2");
  const std::string toy_net = objective_table().front().toy_net;
  t.note_other_default("net", "toys", toy_net);
  for (const ObjectiveEntry& entry : objective_table()) {
    if (entry.toy_net == toy_net) continue;
    t.note_other_default("net", "toys, " + std::string(entry.name), std::string(entry.toy_net));
  }
  t.note_other_default("step_size", "toys", kToyStepSize);
  t.note_other_default("noise_scale", "toys", kToyNoiseScale);
  t.note_other_default("clamp_energy_grad", "toys, base", kToyClamp);
  t.note_other_default("energy_l2", "toys", kToyEnergyL2);
  note_general_rate(t);
  note_objective_defaults(t);
  return t;
}

void TrainOptions::resolve(bool is_image, const training::ConfigTable& table) {
  if (!is_image) {
    if (!table.is_set("net")) net = objective_entry(objective).toy_net;
    if (!table.is_set("step_size")) step_size = kToyStepSize;
    if (!table.is_set("noise_scale")) noise_scale = kToyNoiseScale;
    if (!table.is_set("clamp_energy_grad")) clamp_energy_grad = kToyClamp;
    if (!table.is_set("energy_l2")) energy_l2 = kToyEnergyL2;
  }
  // One level of noise leaves no others.
  const bool has_one_level = noise_sd > 0.0 && noise_sd_min == 0.0 && noise_sd_max == 0.0;
  take_objective_defaults(*this, is_image, table);
  if (has_one_level && !table.is_set("noise_sd_min") && !table.is_set("noise_sd_max")) {
    noise_sd_min = noise_sd_max = 0.0;
  }
  if (!is_image || !objective_entry(objective).has_image_rate) take_general_rate(*this, table);
  for_each_foreign_key(*this, [&](const char* key, auto member, auto neutral) {
    const bool is_chosen = table.is_set(key) || this->*member != TrainOptions().*member;
    if (!is_chosen) this->*member = neutral;
  });
  if (!base.empty() && !table.is_set("clamp_energy_grad")) clamp_energy_grad = 0.0;
  if (backend == Backend::kAuto) {
    backend = device == Device::kCuda ? Backend::kTorch : Backend::kCompiled;
  }
  resolve_run();
}

void TrainOptions::resolve(const data::Dataset& dataset, const training::ConfigTable& table) {
  resolve(dataset.is_image, table);
  if (noise_sd_max > 0.0 && data_sd == 0.0) data_sd = data::root_mean_square(dataset);
}

void TrainOptions::validate() const {
  const std::string name = objective_entry(objective).name;
  for_each_foreign_key(*this, [&](const char* key, auto member, auto neutral) {
    if (this->*member == neutral) return;
    training::refuse(key, setting_text(this->*member),
                     setting_text(neutral) + " with objective = " + name);
  });
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
  if (!has_chains && guard_class_gap != TrainOptions().guard_class_gap) {
    training::refuse("guard_class_gap", guard_class_gap,
                     "left out with objective = " + name + ", which has no chains");
  }
  if (!base.empty()) {
    const std::string key = "base = " + base + ": ";
    if (!has_chains) {
      throw Error(ErrorCode::kUsage,
                  key + "needs an objective with chains; objective = " + name + " has none");
    }
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
  if (objective == ObjectiveKind::kEnergyMatching && clamp_energy_grad != 0.0) {
    training::refuse("clamp_energy_grad", clamp_energy_grad, "0 with objective = " + name);
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
  training::require_in_range("sample_steps", sample_steps, 1, training::kMaxSteps);
  training::require_in_range("buffer_capacity", buffer_capacity, 1, training::kMaxChains);
  if (persistent && has_chains && buffer_capacity < batch_size) {
    training::refuse("buffer_capacity", buffer_capacity,
                     "at least batch_size, " + std::to_string(batch_size));
  }
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
  const auto product = [](std::int64_t one, std::int64_t other) {
    return static_cast<double>(one) * static_cast<double>(other);
  };
  const NegativeSource source = needs().negatives;
  const bool has_none = source == NegativeSource::kNone || source == NegativeSource::kFlow;
  const std::int64_t of_an_item = has_none ? kStepsOfAMixedGradient : steps;
  return training::EvaluationSchedule::within_budget(eval_budget, product(eval_n, sample_steps),
                                                     product(batch_size, of_an_item), log_every);
}

}  // namespace ebm
