#include "ebm/train_options.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <limits>
#include <sstream>
#include <thread>

#include "base/error.h"

namespace ebm {
namespace {

template <class T>
[[noreturn]] void refuse(const char* key, const T& value, const std::string& right) {
  std::ostringstream text;
  text << key << " = " << value << ": must be " << right;
  throw Error(ErrorCode::kUsage, text.str());
}

/// Beyond these limits a number is a slip of the keyboard, and products of them would overflow.
constexpr std::int64_t kMostIterations = 1'000'000'000;
constexpr std::int64_t kMostSteps = 1'000'000;
constexpr std::int64_t kMostChains = 10'000'000;
constexpr double kLargest = 1e12;

void in_range(const char* key, std::int64_t value, std::int64_t least, std::int64_t most) {
  if (value < least || value > most) {
    refuse(key, value, "from " + std::to_string(least) + " to " + std::to_string(most));
  }
}

void not_negative(const char* key, double value) {
  if (!(value >= 0.0) || !(value <= kLargest)) refuse(key, value, "from 0 to 1e12");
}

void one_of(const char* key, const std::string& value, std::initializer_list<const char*> known) {
  std::string names;
  for (const char* name : known) {
    if (value == name) return;
    names += (names.empty() ? "" : ", ") + std::string(name);
  }
  refuse(key, value, known.size() == 1 ? names : "one of " + names);
}

}  // namespace

training::ConfigTable TrainOptions::table() {
  training::ConfigTable t;
  t.add("data", &data, "data set, a SPEC");
  t.add("net", &net, "preset (uva, mnistnet, igebm32, mlp*) or FILE.toml");
  t.add("objective", &objective, "cd: contrastive divergence");
  t.add("backend", &backend,
        "what computes energies: compiled, torch, or auto: compiled on the CPU");
  t.add("device", &device, "cpu or cuda");
  t.add("seed", &seed, "of all random numbers");
  t.add("threads", &threads, "0: one a core; results do not depend on it");
  t.add("iterations", &iterations, "length of the run");
  t.add("minutes", &minutes, "stop earlier, after this many minutes; 0: never");
  t.add("batch_size", &batch_size, "images, and chains, an iteration");
  t.add("data_noise", &data_noise, "sd of Gaussian noise on the data");
  t.add("dequantize", &dequantize, "uniform noise below one grey level on the data");
  t.add("steps", &steps, "Langevin steps an iteration");
  t.add("step_size", &step_size, "* of a Langevin step");
  t.add("noise_scale", &noise_scale, "* of a Langevin step");
  t.add("clamp_energy_grad", &clamp_energy_grad, "* bound on gradient entries; 0: none");
  t.add("persistent", &persistent, "chains go on from the replay buffer; false: from noise");
  t.add("buffer_capacity", &buffer_capacity, "chains in the replay buffer");
  t.add("buffer_storage", &buffer_storage, "float32 or uint8");
  t.add("buffer_policy", &buffer_policy, "in-place, ring or reservoir");
  t.add("restart_probability", &restart_probability, "of a drawn chain to start from noise");
  t.add("energy_l2", &energy_l2, "* weight of mean(E(x+)^2 + E(x-)^2)");
  t.add("kl_weight", &kl_weight, "weight of the KL term of Improved CD");
  t.add("learning_rate", &learning_rate, "peak rate of Adam");
  t.add("warmup_iterations", &warmup_iterations, "linear rise of the rate");
  t.add("lr_schedule", &lr_schedule, "constant, cosine or exponential");
  t.add("lr_decay_start", &lr_decay_start, "iteration; -1: at 60 % of the run");
  t.add("lr_decay_end", &lr_decay_end, "iteration; -1: the end of the run");
  t.add("lr_final_fraction", &lr_final_fraction, "of the peak, at the end of the decay");
  t.add("beta1", &beta1, "of Adam");
  t.add("beta2", &beta2, "of Adam");
  t.add("clip_grad_norm", &clip_grad_norm, "longest gradient; 0: any");
  t.add("ema_decay", &ema_decay, "of the averaged weights, which are the model; 0: no average");
  t.add("log_every", &log_every, "iterations between rows of metrics.csv");
  t.add("sample_every", &sample_every, "iterations between sample grids; 0: none");
  t.add("sample_steps", &sample_steps, "Langevin steps from noise to a picture");
  t.add("checkpoint_every", &checkpoint_every, "iterations between checkpoints");
  t.add("keep_checkpoints", &keep_checkpoints, "how many of the last to keep");
  t.add("eval_budget", &eval_budget,
        "share of chain-steps for the FD of samples while training; 0: none");
  t.add("eval_n", &eval_n, "samples, and training images, of an FD");
  t.add("features", &features, "FILE to compute the FD in; empty: the shipped ones");
  t.add("guard_energy_gap", &guard_energy_gap, "divergence: bound on the energy gap");
  t.add("guard_grad_norm", &guard_grad_norm, "divergence: bound on the gradient norm");
  t.add("guard_saturation", &guard_saturation, "divergence: bound on sample values at the box");
  t.add("guard_patience", &guard_patience, "iterations in a row beyond a bound");
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
  if (lr_decay_end == -1) lr_decay_end = iterations;
  if (lr_decay_start == -1) lr_decay_start = lr_decay_end * 6 / 10;
  if (backend == "auto") backend = device == "cuda" ? "torch" : "compiled";
  if (threads == 0) {
    threads = static_cast<std::int64_t>(std::max(1u, std::thread::hardware_concurrency()));
  }
}

void TrainOptions::validate() const {
  one_of("objective", objective, {"cd"});
  one_of("backend", backend, {"compiled", "torch"});
  if (device == "cuda" && backend == "compiled") {
    throw Error(ErrorCode::kUsage, "backend = compiled: runs on the CPU; for cuda take torch");
  }
  one_of("device", device, {"cpu", "cuda"});
  one_of("buffer_storage", buffer_storage, {"float32", "uint8"});
  one_of("buffer_policy", buffer_policy, {"in-place", "ring", "reservoir"});
  in_range("seed", seed, 0, std::numeric_limits<std::int64_t>::max());
  in_range("threads", threads, 1, 1024);
  in_range("iterations", iterations, 1, kMostIterations);
  not_negative("minutes", minutes);
  in_range("batch_size", batch_size, 1, kMostChains);
  not_negative("data_noise", data_noise);
  in_range("steps", steps, 1, kMostSteps);
  not_negative("step_size", step_size);
  not_negative("noise_scale", noise_scale);
  not_negative("learning_rate", learning_rate);
  not_negative("clamp_energy_grad", clamp_energy_grad);
  not_negative("energy_l2", energy_l2);
  not_negative("kl_weight", kl_weight);
  not_negative("clip_grad_norm", clip_grad_norm);
  if (!(ema_decay >= 0.0 && ema_decay < 1.0)) refuse("ema_decay", ema_decay, "in [0, 1)");
  in_range("log_every", log_every, 1, kMostIterations);
  in_range("sample_every", sample_every, 0, kMostIterations);
  in_range("sample_steps", sample_steps, 1, kMostSteps);
  in_range("checkpoint_every", checkpoint_every, 1, kMostIterations);
  in_range("keep_checkpoints", keep_checkpoints, 1, kMostIterations);
  if (!(eval_budget >= 0.0 && eval_budget <= 1.0)) {
    refuse("eval_budget", eval_budget, "from 0 to 1");
  }
  in_range("eval_n", eval_n, 2, kMostChains);
  if (!features.empty() && eval_budget == 0.0) {
    refuse("features", features, "left out, as eval_budget is 0");
  }
  in_range("warmup_iterations", warmup_iterations, 0, kMostIterations);
  in_range("buffer_capacity", buffer_capacity, 1, kMostChains);
  if (persistent && buffer_capacity < batch_size) {
    refuse("buffer_capacity", buffer_capacity,
           "at least batch_size, " + std::to_string(batch_size));
  }
  langevin(true).validate();
  replay(1, true).validate();
  rate().validate();
  adam().validate();
  guard().validate();
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

training::LearningRate TrainOptions::rate() const {
  return {.peak = learning_rate,
          .warmup_iterations = warmup_iterations,
          .schedule = lr_schedule,
          .decay_start = lr_decay_start,
          .decay_end = lr_decay_end,
          .final_fraction = lr_final_fraction};
}

training::EvaluationSchedule TrainOptions::evaluations() const {
  const auto product = [](std::int64_t one, std::int64_t other) {
    return static_cast<double>(one) * static_cast<double>(other);
  };
  return training::EvaluationSchedule::within_budget(eval_budget, product(eval_n, sample_steps),
                                                     product(batch_size, steps), log_every);
}

training::LiveQualityOptions TrainOptions::quality() const {
  return {.n = eval_n,
          .seed = static_cast<std::uint64_t>(seed),
          .n_threads = static_cast<int>(threads)};
}

training::LoopOptions TrainOptions::loop() const {
  return {.iterations = iterations,
          .minutes = minutes,
          .log_every = log_every,
          .sample_every = sample_every,
          .checkpoint_every = checkpoint_every,
          .keep_checkpoints = keep_checkpoints,
          .evaluations = evaluations()};
}

training::GuardOptions TrainOptions::guard() const {
  return {.max_energy_gap = guard_energy_gap,
          .max_grad_norm = guard_grad_norm,
          .max_saturation = guard_saturation,
          .patience = guard_patience};
}

}  // namespace ebm
