#include "ebm/trainer.h"

#include <cmath>
#include <utility>

#include "base/error.h"
#include "base/number_text.h"
#include "base/require.h"
#include "ebm/contrastive_divergence.h"
#include "ebm/noise_contrastive.h"
#include "ebm/noise_samples.h"
#include "nets/compiled/weight_gradient.h"
#include "samplers/energies/sum_energy.h"
#include "samplers/initial_states.h"
#include "samplers/kernels/langevin.h"
#include "samplers/saturation.h"
#include "torch_nets/compiled_backend.h"
#include "torch_nets/device_chains.h"
#include "torch_nets/intraop_threads.h"
#include "training/data_fingerprint.h"
#include "training/ema.h"

namespace ebm {
namespace {

constexpr std::int64_t kPreviewChains = 64;
constexpr std::uint64_t kBufferStreams = std::uint64_t{1} << 62;

/// A network whose last layer has a bias can learn its own normaliser.
void require_last_bias(const torch_nets::TorchNet& net) {
  const nets::Parameter& last = net.specs().back();
  if (last.kind == nets::ParameterKind::kBias && last.size() == 1) return;
  throw Error(
      ErrorCode::kUsage,
      "objective = nce: the network does not end with a layer of one output and a bias, which "
      "would learn ln Z");
}

}  // namespace

Trainer::Trainer(const TrainOptions& options, const nets::Architecture& architecture,
                 const data::Dataset& dataset, const training::LiveQuality* quality,
                 NoiseDistribution* noise, const BaseMeasure* base)
    : options_((options.validate(), torch_nets::use_one_intraop_thread(), options)),
      architecture_(architecture),
      dataset_(dataset),
      langevin_(options.langevin(dataset.is_image)),
      recipe_{.langevin = langevin_, .n_steps = options.sample_steps},
      quality_(quality),
      noise_(noise),
      learned_noise_(options.has_learned_noise() ? dynamic_cast<LearnedNoise*>(noise) : nullptr),
      base_(base),
      state_(options, architecture, dataset.is_image),
      positives_(static_cast<std::size_t>(options.batch_size * architecture.input.size())),
      negatives_(positives_.size()) {
  if (options_.evaluations().period > 0) base::require_given("quality", quality);
  if (options_.is_noise_contrastive()) {
    base::require_given("noise", noise);
    base::require_size("noise", static_cast<std::size_t>(noise->dim()), architecture.input.size(),
                       "as many values as an item of the data");
    require_last_bias(*state_.net);
  }
  if (options_.has_learned_noise() && learned_noise_ == nullptr) {
    throw Error(ErrorCode::kUsage,
                "noise_learning_rate = " + base::number_text(options_.noise_learning_rate) +
                    ": needs noise that can learn");
  }
  if ((base_ == nullptr) != options_.base.empty()) {
    throw Error(ErrorCode::kUsage,
                "base = " + options_.base + ": the key and the base measure go together");
  }
  if (base_ != nullptr) {
    base::require_size("base", static_cast<std::size_t>(base_->energy->dim()),
                       architecture.input.size(), "as many values as an item of the data");
  }
  state_.counters.data_fingerprint = training::fingerprint(dataset);
  if (options.backend == "compiled") {
    plan_ = std::make_shared<const nets::Plan>(nets::make_plan(architecture));
    nets::require_weight_gradient(*plan_, "net = " + options_.net);
  }
}

void Trainer::start_afresh() {
  const std::string fingerprint = state_.counters.data_fingerprint;
  state_ = TrainState(options_, architecture_, dataset_.is_image);
  state_.counters.data_fingerprint = fingerprint;
  if (learned_noise_ != nullptr) learned_noise_->start_afresh();
}

void Trainer::prepare() {
  batches_.emplace(dataset_, options_.batches(state_.counters.generation()));
  if (options_.is_noise_contrastive() && state_.counters.iteration == 0) set_first_bias();
}

void Trainer::set_first_bias() {
  batches_->fill(0, positives_, {});
  std::vector<float> log_noise(static_cast<std::size_t>(options_.batch_size));
  noise_->log_density(positives_, log_noise);
  const torch::NoGradGuard no_grad;
  const auto x = torch::tensor(positives_)
                     .reshape({options_.batch_size, -1})
                     .to(state_.net->tensors().front().device());
  const double energy =
      state_.net->forward_with(state_.net->frozen_weights(), x).mean().item<double>();
  const double wanted = -torch::tensor(log_noise).mean().item<double>();
  state_.net->tensors().back().add_(wanted - energy);
  state_.average->copy_from(*state_.net);
}

nets::SafetensorsFile Trainer::model() const {
  return state_.model(recipe_, options_.data, base_file());
}

nets::CheckpointFiles Trainer::to_files(bool scheduled) const {
  nets::CheckpointFiles files = state_.to_files(recipe_, options_.data, base_file(), scheduled);
  if (learned_noise_ != nullptr) learned_noise_->add_to(files);
  return files;
}

void Trainer::restore(const nets::CheckpointFiles& files, const std::string& origin) {
  state_.restore(files, origin, base_file());
  if (learned_noise_ != nullptr) learned_noise_->restore(files, origin);
}

std::unique_ptr<samplers::ChainDriver> Trainer::chain_driver(
    const std::shared_ptr<torch_nets::TorchNet>& net,
    std::shared_ptr<const nets::CompiledNet> compiled) const {
  samplers::SumEnergy::Term base;
  if (base_ != nullptr) {
    base = {base_->energy,
            samplers::effective_temperature(langevin_.step_size, langevin_.noise_scale)};
  }
  return torch_nets::make_chain_driver(net, std::move(compiled), langevin_,
                                       static_cast<int>(options_.threads), base);
}

void Trainer::draw_negatives() {
  const auto seed = static_cast<std::uint64_t>(options_.seed);
  std::optional<replay::Draw> drawn;
  if (state_.buffer) {
    drawn =
        state_.buffer->draw(state_.counters.iteration, state_.counters.generation(), negatives_);
  } else {
    const auto first = static_cast<std::uint64_t>(state_.counters.iteration * options_.batch_size);
    samplers::draw_initial_states({seed, base::Domain::kChainInit, state_.counters.generation()},
                                  first, architecture_.input.size(), langevin_.box, negatives_);
  }
  const auto driver = chain_driver(state_.net, compiled_);
  // Row i is chain i of every iteration; the steps are numbered through the whole run.
  samplers::Advance steps{
      .n_steps = options_.steps,
      .first_step = static_cast<std::uint64_t>(state_.counters.iteration * options_.steps),
      .key = {seed, base::Domain::kChainNoise, state_.counters.generation()}};
  if (options_.kl_weight > 0.0) {
    --steps.n_steps;
    driver->advance(negatives_, steps);
    before_last_ = negatives_;
    steps.first_step += static_cast<std::uint64_t>(steps.n_steps);
    steps.n_steps = 1;
  }
  driver->advance(negatives_, steps);
  if (drawn) {
    state_.buffer->store(state_.counters.iteration, state_.counters.generation(), *drawn,
                         options_.steps, negatives_);
  }
}

base::RandomKey Trainer::noise_key() const {
  return {static_cast<std::uint64_t>(options_.seed), base::Domain::kNoiseDraw,
          state_.counters.generation()};
}

std::optional<std::string> Trainer::teach_noise(std::span<const float> energies,
                                                double learning_rate) {
  std::vector<float> rows(positives_);
  rows.insert(rows.end(), negatives_.begin(), negatives_.end());
  const double norm = learned_noise_->ascend(rows, noise_ascent_weights(energies, log_noise_),
                                             learning_rate, state_.counters.iteration, noise_key());
  if (std::isfinite(norm)) return std::nullopt;
  return "the gradient of the noise is " + base::number_text(norm);
}

ObjectiveStep Trainer::objective() {
  const int n_threads = static_cast<int>(options_.threads);
  if (options_.is_noise_contrastive()) {
    const std::int64_t n = options_.batch_size;
    noise_->draw(noise_key(), static_cast<std::uint64_t>(state_.counters.iteration * n),
                 negatives_);
    log_noise_.resize(static_cast<std::size_t>(2 * n));
    const std::span all(log_noise_);
    noise_->log_density(positives_, all.first(all.size() / 2));
    noise_->log_density(negatives_, all.subspan(all.size() / 2));
    return noise_contrastive(*state_.net, compiled_.get(), positives_, negatives_, log_noise_,
                             n_threads);
  }
  draw_negatives();
  ObjectiveStep found = contrastive_divergence(*state_.net, compiled_.get(), positives_, negatives_,
                                               options_.energy_l2, n_threads);
  if (options_.kl_weight > 0.0) {
    found.loss += options_.kl_weight * add_kl_term(*state_.net, before_last_, negatives_, langevin_,
                                                   options_.kl_weight, n_threads, found.gradient);
  }
  return found;
}

std::optional<std::string> Trainer::iterate() {
  state_.net->power_iteration(1);
  if (plan_) compiled_ = torch_nets::compile(*state_.net, plan_);
  batches_->fill(state_.counters.iteration, positives_, {});
  ObjectiveStep found;
  try {
    found = objective();
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kDiverged) throw;
    return error.what();
  }
  const double norm = training::gradient_norm(found.gradient);
  const double saturation = samplers::saturation(negatives_, langevin_.box);
  // Noise may be as far from the data as it likes.
  const double guarded_gap =
      options_.is_noise_contrastive() ? 0.0 : found.energy_data - found.energy_samples;
  const auto reason = state_.guard.observe(
      {.loss = found.loss, .energy_gap = guarded_gap, .grad_norm = norm, .saturation = saturation});
  if (reason) return reason;

  const double rate = options_.rate_at(state_.counters.iteration, state_.counters.rollbacks);
  // By the same share of its rate as the network; and first, so that no checkpoint holds a flow
  // that is lost.
  if (learned_noise_ != nullptr) {
    const double noise_rate = options_.noise_learning_rate * (rate / options_.learning_rate);
    if (auto lost = teach_noise(found.energies, noise_rate)) return lost;
  }
  training::clip_gradient(found.gradient, norm, options_.clip_grad_norm);
  state_.adam.step(found.gradient, rate);
  ++state_.counters.iteration;
  training::update_average(*state_.net, state_.counters.iteration, options_.ema_decay,
                           *state_.average);

  energies_ = std::move(found.energies);
  shown_ = {.energy_data = found.energy_data,
            .energy_samples = found.energy_samples,
            .loss = found.loss,
            .grad_norm = norm,
            .learning_rate = rate,
            .buffer_age = state_.buffer ? state_.buffer->mean_age() : 0.0,
            .saturation = saturation};
  return std::nullopt;
}

std::optional<double> Trainer::distance_of_samples(const std::atomic<int>& stop) {
  const auto rows = draw_from_noise(base::Domain::kEvaluation, quality_->n(), stop);
  if (!rows) return std::nullopt;
  return quality_->distance_of(*rows, "samples", stop);
}

bool Trainer::evaluate(const std::atomic<int>& stop, training::TrainObserver& observer) {
  try {
    shown_.fd = distance_of_samples(stop);
    if (!shown_.fd) return false;
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kDiverged) throw;
    observer.on_warning(std::string("no FD of samples: ") + error.what());
  }
  // Values of other n would not compare.
  if (state_.buffer && state_.buffer->state().size >= quality_->n()) {
    const base::RandomKey key{static_cast<std::uint64_t>(options_.seed), base::Domain::kEvaluation,
                              state_.counters.generation()};
    std::vector<float> chains(static_cast<std::size_t>(quality_->n() * architecture_.input.size()));
    state_.buffer->read_random(
        key, kBufferStreams + static_cast<std::uint64_t>(state_.counters.iteration), chains);
    shown_.fd_buffer = quality_->distance_of(chains, "chains of the replay buffer", stop);
    if (!shown_.fd_buffer) return false;
  }
  return true;
}

std::optional<std::vector<float>> Trainer::draw_from_noise(base::Domain domain, std::int64_t n,
                                                           const std::atomic<int>& stop) const {
  const int n_threads = static_cast<int>(options_.threads);
  const auto driver =
      chain_driver(state_.average, plan_ ? torch_nets::compile(*state_.average, plan_) : nullptr);
  return draw_noise_samples(
      *driver,
      {.n = n,
       .dim = architecture_.input.size(),
       .box = langevin_.box,
       .n_steps = options_.sample_steps,
       .key = {static_cast<std::uint64_t>(options_.seed), domain, state_.counters.generation()},
       .n_threads = n_threads},
      stop);
}

void Trainer::show_samples(training::TrainObserver& observer) const {
  // Points of a plane need more of them to show a density, and cost less.
  const std::int64_t n = dataset_.is_image ? kPreviewChains : kPreviewChains * kPreviewChains;
  const std::atomic<int> never{0};
  const std::int64_t iteration = state_.counters.iteration;
  try {
    observer.on_samples(iteration, "noise", *draw_from_noise(base::Domain::kPreview, n, never));
    if (!options_.is_noise_contrastive()) observer.on_samples(iteration, "buffer", negatives_);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kDiverged) throw;
    observer.on_warning(std::string("no picture from noise: ") + error.what());
  }
}

void Trainer::show_energies(training::TrainObserver& observer) const {
  const auto n = static_cast<std::size_t>(options_.batch_size);
  observer.on_energies(state_.counters.iteration, std::span(energies_).first(n),
                       std::span(energies_).subspan(n));
}

std::vector<training::Figure> Trainer::figures() const {
  std::vector<training::Figure> all{{"energy_data", shown_.energy_data},
                                    {"energy_samples", shown_.energy_samples},
                                    {"energy_gap", shown_.energy_data - shown_.energy_samples},
                                    {"loss", shown_.loss},
                                    {"grad_norm", shown_.grad_norm},
                                    {"learning_rate", shown_.learning_rate},
                                    {"buffer_age", shown_.buffer_age},
                                    {"saturation", shown_.saturation}};
  if (quality_ == nullptr) return all;
  all.push_back(training::figure_if("fd", shown_.fd));
  all.push_back(training::figure_if("fd_buffer", shown_.fd_buffer));
  return all;
}

training::Learner::Work Trainer::work() const {
  if (options_.is_noise_contrastive()) {
    return {"images_per_s", static_cast<double>(options_.batch_size)};
  }
  return {"chain_steps_per_s", static_cast<double>(options_.batch_size * options_.steps)};
}

}  // namespace ebm
