#include "ebm/train_options.h"

#include "base/error.h"
#include "training/option_checks.h"

namespace ebm {

namespace {

/// Sets the rate and its fall as those of any run, where they are as they were and nobody chose so.
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

}  // namespace

TrainOptions::TrainOptions() {
  learning_rate = 2e-3;
  lr_schedule = "cosine";
  lr_decay_start = 0;
  lr_final_fraction = 0.02;
  ema_decay = 0.999;
}

training::ConfigTable TrainOptions::table() {
  training::ConfigTable t;
  add_run_keys(t);
  t.add("net", &net, "preset (uva, uva-wide, mnistnet, igebm32, dcgan, mlp*) or FILE.toml");
  t.add(
      "objective", &objective,
      "cd: contrastive divergence; nce: noise-contrastive, which samples nothing and learns ln Z");
  t.add("noise", &noise,
        "of nce: gaussian (mean and covariance of the data) or a MODEL of ebm flow train");
  t.add("noise_learning_rate", &noise_learning_rate,
        "of nce: of the flow, which then learns to be mistaken for data; 0: stays as it is");
  t.add("base", &base, "MODEL of ebm flow train that the model tilts: p = p_flow exp(-E/T) / Z");
  t.add("backend", &backend,
        "what computes energies: compiled, torch, or auto: compiled on the CPU");
  t.add("device", &device, "cpu or cuda");
  t.add("steps", &steps, "Langevin steps an iteration");
  t.add("step_size", &step_size, "* of a Langevin step");
  t.add("noise_scale", &noise_scale, "* of a Langevin step");
  t.add("clamp_energy_grad", &clamp_energy_grad, "* bound on gradient entries; 0: none");
  t.add("persistent", &persistent, "chains go on from the replay buffer; false: from noise");
  t.add("buffer_capacity", &buffer_capacity, "chains in the replay buffer");
  t.add("buffer_storage", &buffer_storage, "float32 or uint8");
  t.add("buffer_policy", &buffer_policy, "in-place, ring or reservoir");
  t.add("restart_probability", &restart_probability, "of a drawn chain to start from noise");
  t.add("sample_steps", &sample_steps, "Langevin steps from noise to a picture");
  t.add("energy_l2", &energy_l2, "* weight of mean(E(x+)^2 + E(x-)^2)");
  t.add("kl_weight", &kl_weight, "weight of the KL term of Improved CD");
  add_optimiser_keys(t, "* ", "* ");
  add_record_keys(t, "chain-steps");
  return t;
}

void TrainOptions::resolve(bool is_image, const training::ConfigTable& table) {
  if (!is_image) {
    // ε = 0.125 of the 8-Gaussians toy of ebm-anatomy (Nijkamp et al. 2020): T = 1.
    if (!table.is_set("step_size")) step_size = 0.0078125;
    if (!table.is_set("noise_scale")) noise_scale = 0.125;
    if (!table.is_set("clamp_energy_grad")) clamp_energy_grad = 0.0;
    if (!table.is_set("energy_l2")) energy_l2 = 0.0;
    if (!table.is_set("net")) net = "mlp";
  }
  if (!is_image || is_noise_contrastive()) take_general_rate(*this, table);
  if (is_noise_contrastive() && !table.is_set("energy_l2")) energy_l2 = 0.0;
  if (!base.empty() && !table.is_set("clamp_energy_grad")) clamp_energy_grad = 0.0;
  if (backend == "auto") backend = device == "cuda" ? "torch" : "compiled";
  resolve_run();
}

void TrainOptions::validate() const {
  training::require_one_of("objective", objective, {"cd", "nce"});
  if (is_noise_contrastive()) {
    if (kl_weight != 0.0) training::refuse("kl_weight", kl_weight, "0 with objective = nce");
    if (energy_l2 != 0.0) training::refuse("energy_l2", energy_l2, "0 with objective = nce");
  }
  training::require_not_negative("noise_learning_rate", noise_learning_rate);
  if (has_learned_noise() && (!is_noise_contrastive() || noise == "gaussian")) {
    training::refuse("noise_learning_rate", noise_learning_rate,
                     "0 unless the noise of objective = nce is a flow");
  }
  if (has_learned_noise() && batch_size < 2) {
    training::refuse("batch_size", batch_size, "at least 2 for noise to learn");
  }
  if (!base.empty()) {
    const std::string key = "base = " + base + ": ";
    if (is_noise_contrastive()) {
      throw Error(ErrorCode::kUsage, key + "is of chains; objective = nce has none");
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
    if (device == "cuda") throw Error(ErrorCode::kUsage, key + "chains of cuda walk on no base");
  }
  training::require_one_of("backend", backend, {"compiled", "torch"});
  if (device == "cuda" && backend == "compiled") {
    throw Error(ErrorCode::kUsage, "backend = compiled: runs on the CPU; for cuda take torch");
  }
  training::require_one_of("device", device, {"cpu", "cuda"});
  training::require_one_of("buffer_storage", buffer_storage, {"float32", "uint8"});
  training::require_one_of("buffer_policy", buffer_policy, {"in-place", "ring", "reservoir"});
  validate_run();
  training::require_in_range("steps", steps, 1, training::kMaxSteps);
  training::require_not_negative("step_size", step_size);
  training::require_not_negative("noise_scale", noise_scale);
  training::require_not_negative("clamp_energy_grad", clamp_energy_grad);
  training::require_not_negative("energy_l2", energy_l2);
  training::require_not_negative("kl_weight", kl_weight);
  training::require_in_range("sample_steps", sample_steps, 1, training::kMaxSteps);
  training::require_in_range("buffer_capacity", buffer_capacity, 1, training::kMaxChains);
  if (has_buffer() && buffer_capacity < batch_size) {
    training::refuse("buffer_capacity", buffer_capacity,
                     "at least batch_size, " + std::to_string(batch_size));
  }
  langevin(true).validate();
  replay(1, true).validate();
}

samplers::LangevinOptions TrainOptions::langevin(bool is_image) const {
  samplers::LangevinOptions options{.step_size = static_cast<float>(step_size),
                                    .noise_scale = static_cast<float>(noise_scale)};
  if (clamp_energy_grad > 0.0) options.clamp_energy_grad = static_cast<float>(clamp_energy_grad);
  if (is_image) options.box = samplers::Box{-1.0f, 1.0f};
  return options;
}

replay::ReplayOptions TrainOptions::replay(std::int64_t item_size, bool is_image) const {
  return {
      .capacity = buffer_capacity,
      .item_size = item_size,
      .storage = buffer_storage == "uint8" ? replay::Storage::kUint8 : replay::Storage::kFloat32,
      .policy = buffer_policy == "ring"        ? replay::Policy::kRing
                : buffer_policy == "reservoir" ? replay::Policy::kReservoir
                                               : replay::Policy::kInPlace,
      .restart_probability = restart_probability,
      .box = is_image ? std::optional(samplers::Box{-1.0f, 1.0f}) : std::nullopt,
      .seed = static_cast<std::uint64_t>(seed)};
}

training::EvaluationSchedule TrainOptions::evaluations() const {
  const auto product = [](std::int64_t one, std::int64_t other) {
    return static_cast<double>(one) * static_cast<double>(other);
  };
  return training::EvaluationSchedule::within_budget(eval_budget, product(eval_n, sample_steps),
                                                     product(batch_size, steps), log_every);
}

}  // namespace ebm
