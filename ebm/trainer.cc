#include "ebm/trainer.h"

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <utility>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/float_mode.h"
#include "base/require.h"
#include "ebm/contrastive_divergence.h"
#include "ebm/data_fingerprint.h"
#include "ebm/noise_samples.h"
#include "samplers/initial_states.h"
#include "samplers/saturation.h"
#include "torch_nets/compiled_backend.h"
#include "torch_nets/device_chains.h"
#include "torch_nets/intraop_threads.h"
#include "training/ema.h"

namespace ebm {
namespace {

constexpr std::int64_t kMaxRollbacks = 3;
constexpr std::int64_t kPreviewChains = 64;
constexpr std::uint64_t kBufferStreams = std::uint64_t{1} << 62;

/// Whether the checkpoint of this state.json is one to roll back to.
bool is_good(const std::filesystem::path& state) {
  return std::filesystem::exists(state) && TrainState::good_to_return_to(base::read_file(state));
}

}  // namespace

Trainer::Trainer(const TrainOptions& options, const nets::Architecture& architecture,
                 const data::Dataset& dataset, const training::RunFolder& folder,
                 TrainObserver& observer, const LiveQuality* quality)
    : options_((options.validate(), torch_nets::use_one_intraop_thread(), options)),
      architecture_(architecture),
      dataset_(dataset),
      folder_(folder),
      observer_(observer),
      langevin_(options.langevin(dataset.is_image)),
      recipe_{.langevin = langevin_, .n_steps = options.sample_steps},
      quality_(quality),
      evaluations_(options.evaluations()),
      state_(options, architecture, dataset.is_image),
      positives_(static_cast<std::size_t>(options.batch_size * architecture.input.size())),
      negatives_(positives_.size()) {
  if (evaluations_.period > 0) base::require_given("quality", quality);
  state_.data_fingerprint = fingerprint(dataset);
  if (options.backend == "compiled") {
    plan_ = std::make_shared<const nets::Plan>(nets::make_plan(architecture));
  }
  open_batches();
}

void Trainer::resume() {
  if (nets::list_checkpoints(folder_.checkpoints()).empty()) return;
  const auto found = nets::newest_checkpoint(
      folder_.checkpoints(), [&](const std::string& line) { observer_.on_warning(line); });
  state_.restore(found.files, found.folder.string());
  resumed_ = true;
  const std::int64_t judged = state_.end_evaluation;
  if (judged > 0 && options_.iterations > state_.iteration &&
      judged != evaluations_.last(options_.iterations)) {
    unmake_end_evaluation();
  }
  open_batches();
}

void Trainer::unmake_end_evaluation() {
  const std::int64_t before = state_.end_evaluation - 1;
  const auto folder = nets::checkpoint_path(folder_.checkpoints(), before);
  try {
    state_.restore(nets::read_checkpoint(folder), folder.string());
  } catch (const Error& error) {
    // Then metrics.csv has a figure more than a run of this length from the start.
    observer_.on_warning(std::string(error.what()) + "; the run goes on from its end");
    return;
  }
  for (const std::int64_t iteration : nets::list_checkpoints(folder_.checkpoints())) {
    if (iteration > before) nets::remove_checkpoint(folder_.checkpoints(), iteration);
  }
}

void Trainer::start_afresh() {
  const std::string fingerprint = state_.data_fingerprint;
  state_ = TrainState(options_, architecture_, dataset_.is_image);
  state_.data_fingerprint = fingerprint;
}

void Trainer::open_batches() {
  batches_.emplace(dataset_,
                   data::BatchOptions{.batch_size = options_.batch_size,
                                      .seed = static_cast<std::uint64_t>(options_.seed),
                                      .generation = generation(),
                                      .dequantize = options_.dequantize,
                                      .noise_sd = static_cast<float>(options_.data_noise)});
}

void Trainer::save_model() const {
  nets::write_safetensors(
      folder_.model(),
      nets::model_file(architecture_, recipe_, options_.data,
                       {.tensors = state_.average->to_tensor_data(), .metadata = {}}));
}

void Trainer::draw_negatives() {
  const auto seed = static_cast<std::uint64_t>(options_.seed);
  std::optional<replay::Draw> drawn;
  if (state_.buffer) {
    drawn = state_.buffer->draw(state_.iteration, generation(), negatives_);
  } else {
    const auto first = static_cast<std::uint64_t>(state_.iteration * options_.batch_size);
    samplers::draw_initial_states({seed, base::Domain::kChainInit, generation()}, first,
                                  architecture_.input.size(), langevin_.box, negatives_);
  }
  const auto driver = torch_nets::make_chain_driver(state_.net, compiled_, langevin_,
                                                    static_cast<int>(options_.threads));
  // Row i is chain i of every iteration; the steps are numbered through the whole run.
  samplers::Advance steps{
      .n_steps = options_.steps,
      .first_step = static_cast<std::uint64_t>(state_.iteration * options_.steps),
      .key = {seed, base::Domain::kChainNoise, generation()}};
  if (options_.kl_weight > 0.0) {
    --steps.n_steps;
    driver->advance(negatives_, steps);
    before_last_ = negatives_;
    steps.first_step += static_cast<std::uint64_t>(steps.n_steps);
    steps.n_steps = 1;
  }
  driver->advance(negatives_, steps);
  if (drawn) {
    state_.buffer->store(state_.iteration, generation(), *drawn, options_.steps, negatives_);
  }
}

std::optional<std::string> Trainer::iterate() {
  const int n_threads = static_cast<int>(options_.threads);
  state_.net->power_iteration(1);
  if (plan_) compiled_ = torch_nets::compile(*state_.net, plan_);
  batches_->fill(state_.iteration, positives_, {});
  try {
    draw_negatives();
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kDiverged) throw;
    return error.what();
  }
  auto cd = contrastive_divergence(*state_.net, compiled_.get(), positives_, negatives_,
                                   options_.energy_l2, n_threads);
  if (options_.kl_weight > 0.0) {
    cd.loss += options_.kl_weight * add_kl_term(*state_.net, before_last_, negatives_, langevin_,
                                                options_.kl_weight, n_threads, cd.gradient);
  }
  const double norm = training::gradient_norm(cd.gradient);
  const double saturation = samplers::saturation(negatives_, langevin_.box);
  const auto reason = state_.guard.observe({.loss = cd.loss,
                                            .energy_gap = cd.energy_data - cd.energy_samples,
                                            .grad_norm = norm,
                                            .saturation = saturation});
  if (reason) return reason;

  const double rate =
      options_.rate().at(state_.iteration) * std::pow(0.5, static_cast<double>(state_.rollbacks));
  training::clip_gradient(cd.gradient, norm, options_.clip_grad_norm);
  state_.adam.step(cd.gradient, rate);
  ++state_.iteration;
  training::update_average(*state_.net, state_.iteration, options_.ema_decay, *state_.average);

  energies_ = std::move(cd.energies);
  stats_.iteration = state_.iteration;
  stats_.energy_data = cd.energy_data;
  stats_.energy_samples = cd.energy_samples;
  stats_.energy_gap = cd.energy_data - cd.energy_samples;
  stats_.loss = cd.loss;
  stats_.grad_norm = norm;
  stats_.learning_rate = rate;
  stats_.buffer_age = state_.buffer ? state_.buffer->mean_age() : 0.0;
  stats_.saturation = saturation;
  stats_.rollbacks = state_.rollbacks;
  stats_.fd.reset();
  stats_.fd_buffer.reset();
  return std::nullopt;
}

std::optional<double> Trainer::distance_of_samples(const std::atomic<int>& stop) {
  const auto rows = draw_from_noise(base::Domain::kEvaluation, quality_->n(), stop);
  if (!rows) return std::nullopt;
  return quality_->distance_of(*rows, "samples", stop);
}

bool Trainer::evaluate(const std::atomic<int>& stop) {
  try {
    stats_.fd = distance_of_samples(stop);
    if (!stats_.fd) return false;
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kDiverged) throw;
    observer_.on_warning(std::string("no FD of samples: ") + error.what());
  }
  // Values of other n would not compare.
  if (state_.buffer && state_.buffer->state().size >= quality_->n()) {
    const base::RandomKey key{static_cast<std::uint64_t>(options_.seed), base::Domain::kEvaluation,
                              generation()};
    std::vector<float> chains(static_cast<std::size_t>(quality_->n() * architecture_.input.size()));
    state_.buffer->read_random(key, kBufferStreams + static_cast<std::uint64_t>(state_.iteration),
                               chains);
    stats_.fd_buffer = quality_->distance_of(chains, "chains of the replay buffer", stop);
    if (!stats_.fd_buffer) return false;
  }
  if (!evaluations_.is_regular(state_.iteration)) state_.end_evaluation = state_.iteration;
  return true;
}

void Trainer::go_back_one_iteration() {
  const auto folder = nets::checkpoint_path(folder_.checkpoints(), state_.iteration - 1);
  state_.restore(nets::read_checkpoint(folder), folder.string());
}

void Trainer::tell(double seconds) {
  seconds_per_iteration_ =
      seconds_per_iteration_ == 0.0 ? seconds : 0.9 * seconds_per_iteration_ + 0.1 * seconds;
  stats_.seconds = state_.seconds;
  stats_.iterations_per_s = 1.0 / seconds_per_iteration_;
  stats_.chain_steps_per_s =
      stats_.iterations_per_s * static_cast<double>(options_.batch_size * options_.steps);
  observer_.on_iteration(stats_);
  if (state_.iteration % options_.log_every == 0) {
    observer_.on_log(stats_);
    const auto n = static_cast<std::size_t>(options_.batch_size);
    observer_.on_energies(state_.iteration, std::span(energies_).first(n),
                          std::span(energies_).subspan(n));
  }
  if (options_.sample_every > 0 && state_.iteration % options_.sample_every == 0) preview();
}

Trainer::End Trainer::run(const std::atomic<int>& stop) {
  const base::FlushDenormals flush;
  const auto start = Clock::now();
  auto last = start;
  // Whether the present state is a checkpoint already, as it is after a resume.
  const auto checkpoints = nets::list_checkpoints(folder_.checkpoints());
  bool saved = resumed_ && !checkpoints.empty() && checkpoints.back() == state_.iteration;
  End end = End::kIterations;
  const auto lap = [&] {
    const auto now = Clock::now();
    return std::chrono::duration<double>(now - std::exchange(last, now)).count();
  };
  observer_.on_start(state_.iteration);
  while (state_.iteration < options_.iterations) {
    if (stop != 0) {
      end = End::kSignal;
      break;
    }
    if (options_.minutes > 0.0 &&
        std::chrono::duration<double>(Clock::now() - start).count() >= 60.0 * options_.minutes) {
      end = End::kMinutes;
      break;
    }
    const bool is_judged = evaluations_.is_due(state_.iteration + 1, options_.iterations);
    // The place to go back to if a signal comes while samples are judged, or if the run turns out
    // to be longer than it is now.
    if (is_judged && !saved) save_checkpoint();
    const auto reason = iterate();
    const double seconds = lap();
    state_.seconds += seconds;
    if (reason) {
      saved = false;
      roll_back(*reason);
      continue;
    }
    if (is_judged) {
      const bool done = evaluate(stop);
      const double used = lap();
      if (!done) {
        go_back_one_iteration();
        state_.seconds += seconds + used;
        saved = false;
        end = End::kSignal;
        break;
      }
      state_.seconds += used;
    }
    tell(seconds);
    saved = state_.iteration % options_.checkpoint_every == 0;
    if (saved) save_checkpoint();
  }
  if (!saved) save_checkpoint();
  save_model();
  return end;
}

void Trainer::save_checkpoint() {
  const auto on_schedule = [&](std::int64_t iteration) {
    return iteration % options_.checkpoint_every == 0;
  };
  nets::write_checkpoint(folder_.checkpoints(), state_.iteration,
                         state_.to_files(recipe_, options_.data, on_schedule(state_.iteration)));
  // Kept are the last ones on schedule, as one made by a signal must not push them out; the newest
  // that a roll-back would return to, however many unhealthy ones came after it; and the one that
  // a longer run would go on from.
  auto old = nets::list_checkpoints(folder_.checkpoints());
  std::int64_t kept = 0;
  bool good_found = false;
  for (auto iteration = old.rbegin(); iteration != old.rend(); ++iteration) {
    const bool newest = *iteration == state_.iteration;
    const bool counted = on_schedule(*iteration) && kept < options_.keep_checkpoints;
    const bool before_end = state_.end_evaluation > 0 && *iteration == state_.end_evaluation - 1;
    const bool good =
        !good_found &&
        is_good(nets::checkpoint_path(folder_.checkpoints(), *iteration) / "state.json");
    kept += counted;
    good_found |= good;
    if (!newest && !counted && !good && !before_end)
      nets::remove_checkpoint(folder_.checkpoints(), *iteration);
  }
}

void Trainer::return_to_good_state() {
  const std::int64_t rollbacks = state_.rollbacks;
  const double seconds = state_.seconds;
  auto iterations = nets::list_checkpoints(folder_.checkpoints());
  bool found = false;
  while (!found && !iterations.empty()) {
    const auto folder = nets::checkpoint_path(folder_.checkpoints(), iterations.back());
    try {
      const auto files = nets::read_checkpoint(folder);
      if (is_good(folder / "state.json")) {
        state_.restore(files, folder.string());
        found = true;
        break;
      }
    } catch (const Error& error) {
      if (error.code() != ErrorCode::kBadData) throw;
      observer_.on_warning(std::string(error.what()) + "; passed over");
    }
    nets::remove_checkpoint(folder_.checkpoints(), iterations.back());
    iterations.pop_back();
  }
  if (!found) start_afresh();
  state_.rollbacks = rollbacks;
  state_.seconds = seconds;
}

void Trainer::roll_back(const std::string& reason) {
  const std::int64_t at = state_.iteration + 1;
  return_to_good_state();
  const std::string what = "diverged at iteration " + std::to_string(at) + ": " + reason;
  if (state_.rollbacks == kMaxRollbacks) {
    save_model();
    throw Error(ErrorCode::kDiverged,
                "training " + what + "; rolled back " + std::to_string(kMaxRollbacks) +
                    " times already; the model of iteration " + std::to_string(state_.iteration) +
                    " is in " + folder_.model().string());
  }
  ++state_.rollbacks;
  open_batches();
  char factor[32];
  std::snprintf(factor, sizeof factor, "1/%lld", 1LL << state_.rollbacks);
  observer_.on_warning(what + "; back to iteration " + std::to_string(state_.iteration) +
                       " with new noise and " + factor + " of the learning rate");
  observer_.on_start(state_.iteration);
}

std::optional<std::vector<float>> Trainer::draw_from_noise(base::Domain domain, std::int64_t n,
                                                           const std::atomic<int>& stop) const {
  const int n_threads = static_cast<int>(options_.threads);
  const auto driver = torch_nets::make_chain_driver(
      state_.average, plan_ ? torch_nets::compile(*state_.average, plan_) : nullptr, langevin_,
      n_threads);
  return draw_noise_samples(
      *driver,
      {.n = n,
       .dim = architecture_.input.size(),
       .box = langevin_.box,
       .n_steps = options_.sample_steps,
       .key = {static_cast<std::uint64_t>(options_.seed), domain, generation()},
       .n_threads = n_threads},
      stop);
}

void Trainer::preview() {
  // Points of a plane need more of them to show a density, and cost less.
  const std::int64_t n = dataset_.is_image ? kPreviewChains : kPreviewChains * kPreviewChains;
  const std::atomic<int> never{0};
  try {
    const auto rows = draw_from_noise(base::Domain::kPreview, n, never);
    observer_.on_samples(state_.iteration, *rows, negatives_);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kDiverged) throw;
    observer_.on_warning(std::string("no picture from noise: ") + error.what());
  }
}

}  // namespace ebm
