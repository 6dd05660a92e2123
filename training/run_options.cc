#include "training/run_options.h"

#include <cmath>
#include <limits>

#include "base/require.h"
#include "base/system/cpu_limit.h"
#include "training/option_checks.h"

namespace ebm::training {
namespace {

constexpr base::Choice<RateSchedule> kRateSchedules[] = {
    {"constant", RateSchedule::kConstant},
    {"cosine", RateSchedule::kCosine},
    {"exponential", RateSchedule::kExponential}};

}  // namespace

void RunOptions::add_run_keys(ConfigTable& table) {
  table.add("data", &data, "data set, a SPEC");
  table.add("seed", &seed, "random seed");
  table.add("threads", &threads,
            "0 = one for each CPU that the process may use; results do not depend on it");
  table.add("iterations", &iterations, "length of the run");
  table.add("minutes", &minutes, "time limit from the start of the process; 0 = none");
  table.add("batch_size", &batch_size, "data items, and samples, per iteration");
  table.add("data_noise", &data_noise, "standard deviation of Gaussian noise on the data");
  table.add("dequantize", &dequantize, "add uniform noise of one grey level to the data");
}

void RunOptions::add_optimiser_keys(ConfigTable& table) {
  table.add("learning_rate", &learning_rate, "peak learning rate of Adam");
  table.add("warmup_iterations", &warmup_iterations, "linear warm-up of the learning rate");
  table.add("lr_schedule", &lr_schedule, kRateSchedules, "learning-rate decay");
  table.add("lr_decay_start", &lr_decay_start,
            "iteration where the decay starts; -1 = 60 % of the run");
  table.add("lr_decay_end", &lr_decay_end, "iteration where the decay ends; -1 = end of the run");
  table.add("lr_final_fraction", &lr_final_fraction, "final learning rate / peak learning rate");
  table.add("beta1", &beta1, "Adam: decay of the first moment");
  table.add("beta2", &beta2, "Adam: decay of the second moment");
  table.add("clip_grad_norm", &clip_grad_norm,
            "gradient-norm clipping threshold; 0 disables clipping");
  table.add("ema_decay", &ema_decay, "decay of the weight average (the model); 0 = no average");
}

void RunOptions::add_record_keys(ConfigTable& table, const std::string& budget_of) {
  table.add("log_every", &log_every, "iterations between rows of metrics.csv");
  table.add("sample_every", &sample_every, "iterations between sample grids; 0 = none");
  table.add("checkpoint_every", &checkpoint_every, "iterations between checkpoints");
  table.add("keep_checkpoints", &keep_checkpoints, "number of newest checkpoints to keep");
  table.add("eval_budget", &eval_budget,
            "FD during training: fraction of " + budget_of + "; 0 = no FD");
  table.add("eval_n", &eval_n, "samples, and training images, per FD");
  table.add("features", &features, "feature network of the FD: FILE; empty = shipped");
  table.add("guard_energy_gap", &guard_energy_gap, "divergence: bound on |energy gap|");
  table.add("guard_grad_norm", &guard_grad_norm, "divergence: bound on the gradient norm");
  table.add("guard_saturation", &guard_saturation,
            "divergence: bound on the fraction of values at the bounds of the box");
  table.add("guard_patience", &guard_patience, "divergence: iterations in a row beyond a bound");
}

void RunOptions::resolve_run() {
  if (lr_decay_end == -1) lr_decay_end = iterations;
  if (lr_decay_start == -1) lr_decay_start = lr_decay_end * 6 / 10;
  if (threads == 0) {
    threads = base::default_threads();
  }
}

void RunOptions::validate_run() const {
  require_in_range("seed", seed, 0, std::numeric_limits<std::int64_t>::max());
  require_in_range("threads", threads, 1, 1024);
  require_in_range("iterations", iterations, 1, kMaxIterations);
  require_not_negative("minutes", minutes);
  require_in_range("batch_size", batch_size, 1, kMaxChains);
  require_not_negative("data_noise", data_noise);
  base::to_float("data_noise", data_noise);  // throws if it has no such size
  require_not_negative("learning_rate", learning_rate);
  require_not_negative("clip_grad_norm", clip_grad_norm);
  if (!(ema_decay >= 0.0 && ema_decay < 1.0)) refuse("ema_decay", ema_decay, "in [0, 1)");
  require_in_range("log_every", log_every, 1, kMaxIterations);
  require_in_range("sample_every", sample_every, 0, kMaxIterations);
  require_in_range("checkpoint_every", checkpoint_every, 1, kMaxIterations);
  require_in_range("keep_checkpoints", keep_checkpoints, 1, kMaxIterations);
  if (!(eval_budget >= 0.0 && eval_budget <= 1.0)) {
    refuse("eval_budget", eval_budget, "from 0 to 1");
  }
  require_in_range("eval_n", eval_n, 2, kMaxChains);
  if (!features.empty() && eval_budget == 0.0) {
    refuse("features", features, "left out, as eval_budget is 0");
  }
  require_in_range("warmup_iterations", warmup_iterations, 0, kMaxIterations);
  rate().validate();
  adam().validate();
  guard().validate();
}

LearningRate RunOptions::rate() const {
  return {.peak = learning_rate,
          .warmup_iterations = warmup_iterations,
          .schedule = lr_schedule,
          .decay_start = lr_decay_start,
          .decay_end = lr_decay_end,
          .final_fraction = lr_final_fraction};
}

double RunOptions::rate_at(std::int64_t iteration, std::int64_t rollbacks) const {
  return rate().at(iteration) * std::pow(0.5, static_cast<double>(rollbacks));
}

GuardOptions RunOptions::guard() const {
  return {.max_energy_gap = guard_energy_gap,
          .max_grad_norm = guard_grad_norm,
          .max_saturation = guard_saturation,
          .patience = guard_patience};
}

evaluation::LiveQualityOptions RunOptions::quality() const {
  return {.n = eval_n,
          .seed = static_cast<std::uint64_t>(seed),
          .n_threads = static_cast<int>(threads)};
}

data::BatchOptions RunOptions::batches(std::uint32_t generation) const {
  return {.batch_size = batch_size,
          .seed = static_cast<std::uint64_t>(seed),
          .generation = generation,
          .dequantize = dequantize,
          .noise_sd = base::to_float("data_noise", data_noise)};
}

LoopOptions RunOptions::loop(const EvaluationSchedule& evaluations) const {
  return {.iterations = iterations,
          .minutes = minutes,
          .schedule_end = lr_schedule == RateSchedule::kConstant ? 0 : lr_decay_end,
          .log_every = log_every,
          .sample_every = sample_every,
          .checkpoint_every = checkpoint_every,
          .keep_checkpoints = keep_checkpoints,
          .evaluations = evaluations};
}

}  // namespace ebm::training
