#include "gan/gan_trainer.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/error.h"
#include "gan/generator_sampler.h"
#include "gan/objectives/objective_parts.h"
#include "nets/architecture/condition.h"
#include "nets/compiled/plan.h"
#include "nets/gradients/weight_gradient.h"
#include "samplers/initial_states.h"
#include "samplers/saturation.h"
#include "torch_nets/compiled_backend.h"
#include "torch_nets/intraop_threads.h"
#include "torch_nets/spectral_projection.h"
#include "torch_nets/tensor_views.h"
#include "training/ema.h"
#include "training/option_checks.h"

namespace ebm::gan {
namespace {

/// Of a projection, from the same start each time, so that a checkpoint need not hold it.
constexpr int kPowerIterations = 15;

void require_fitting(const nets::Architecture& generator, const nets::Architecture& critic,
                     const data::Dataset& dataset) {
  nets::validate(generator, nets::Outputs::kAny);
  nets::validate(critic);
  nets::require_unconditional(generator, "a generator");
  nets::require_unconditional(critic, "a critic");
  const nets::Shape item = training::input_shape(dataset);
  const nets::Shape made = nets::infer_shapes(generator).back();
  if (made != item) {
    throw Error(ErrorCode::kShape, "the generator makes items of shape " + to_string(made) +
                                       "; those of " + dataset.name + " are " + to_string(item));
  }
  if (critic.input != item) {
    throw Error(ErrorCode::kShape, "the critic takes items of shape " + to_string(critic.input) +
                                       "; those of " + dataset.name + " are " + to_string(item));
  }
}

/// Vectors of spectral norms, and what batch norms keep.
void copy_buffers(const torch_nets::TorchNet& from, const torch_nets::TorchNet& to) {
  const torch::NoGradGuard no_grad;
  for (std::size_t i = 0; i < from.tensors().size(); ++i) {
    if (!from.specs()[i].trainable()) to.tensors()[i].copy_(from.tensors()[i]);
  }
}

}  // namespace

GanTrainer::GanTrainer(const GanOptions& options, const nets::Architecture& generator,
                       const nets::Architecture& critic, const data::Dataset& dataset,
                       evaluation::QualityReference quality)
    : DataLearner((torch_nets::use_one_intraop_thread(), options),
                  training::validated(options).evaluations(), dataset, quality),
      options_(options),
      objective_(options.make_objective()),
      critic_plan_((require_fitting(generator, critic, dataset),
                    std::make_shared<const nets::Plan>(nets::make_plan(critic)))),
      state_(options, generator, critic),
      rows_(static_cast<std::size_t>(2 * options.batch_size * dataset.shape.size())) {
  nets::require_weight_gradient(*critic_plan_, "critic = " + options_.critic);
  if (options_.spectral_norm == SpectralNorm::kAuto) {
    throw Error(ErrorCode::kUsage, "spectral_norm = auto: GanOptions::resolve() has to choose");
  }
  if (is_projected()) torch_nets::require_projectable(state_.critic);
  if (dataset.is_image) box_ = samplers::Box{-1.0f, 1.0f};
}

bool GanTrainer::is_projected() const {
  return options_.spectral_norm == SpectralNorm::kProjection ||
         options_.spectral_norm == SpectralNorm::kOperator;
}

const nets::CompiledNet& GanTrainer::compiled_critic() {
  if (compiled_critic_) {
    compiled_critic_->set_weights(torch_nets::layer_weights(state_.critic));
  } else {
    compiled_critic_ = torch_nets::compile(state_.critic, critic_plan_);
  }
  return *compiled_critic_;
}

void GanTrainer::reset_model_state() {
  state_ = GanState(options_, state_.generator.architecture(), state_.critic.architecture());
  sampler_.reset();
}

training::DataLearner::RememberedModel GanTrainer::remember_model() {
  return {[this, files = state_.to_files(state_.average, options_.data)] {
    state_.restore(files, "the iteration before");
    sampler_.reset();
  }};
}

std::vector<float> GanTrainer::draw_latents(base::Domain domain, std::int64_t first,
                                            std::int64_t n) const {
  const std::int64_t dim = state_.generator.architecture().input.size();
  std::vector<float> latents(static_cast<std::size_t>(n * dim));
  samplers::draw_initial_states(key(domain), static_cast<std::uint64_t>(first), dim, std::nullopt,
                                latents);
  return latents;
}

void GanTrainer::train_critic(std::int64_t step, std::span<const float> samples) {
  const std::size_t half = rows_.size() / 2;
  batches().fill(step, std::span(rows_).first(half), {});
  std::copy(samples.begin(), samples.end(), rows_.begin() + static_cast<std::ptrdiff_t>(half));
  std::vector<float> mix;
  base::RandomStream uniform(key(base::Domain::kBetween), static_cast<std::uint64_t>(step));
  for (std::int64_t i = 0; i < options_.batch_size; ++i) mix.push_back(uniform.next_uniform());

  state_.critic.power_iteration(1);
  CriticStep critic =
      critic_step(*objective_, state_.critic, compiled_critic(), rows_, mix, n_threads());
  shown_.critic_loss = critic.loss;
  const training::TensorViews gradient = torch_nets::views_of(critic.gradient);
  shown_.critic_norm = training::gradient_norm(gradient);
  if (!std::isfinite(critic.loss) || !std::isfinite(shown_.critic_norm)) return;
  training::clip_gradient(gradient, shown_.critic_norm, options_.clip_grad_norm);
  training::LearningRate rate = options_.rate();
  rate.peak = options_.critic_learning_rate;
  state_.critic_adam.step(gradient, rate.at(counters().iteration) *
                                        std::pow(0.5, static_cast<double>(counters().rollbacks)));
  if (is_projected()) {
    torch_nets::project_norms(state_.critic,
                              options_.spectral_norm == SpectralNorm::kOperator
                                  ? torch_nets::NormOf::kOperator
                                  : torch_nets::NormOf::kMatrix,
                              1.0, kPowerIterations);
  }
  const double bound = objective_->weight_clip();
  if (std::isfinite(bound)) {
    const torch::NoGradGuard no_grad;
    for (const torch::Tensor& weight : state_.critic.trainable()) weight.clamp_(-bound, bound);
  }
}

std::optional<std::string> GanTrainer::train_generator(GeneratorPass& pass) {
  // Against the critic as it now is.
  const auto values = critic_values(compiled_critic(), rows_, n_threads());
  GeneratorStep step = generator_step(*objective_, values, dataset().shape.size());
  std::vector<torch::Tensor> gradient, of_estimator;
  if (state_.estimator) {
    auto found = pass.gradient(
        step.vectors,
        [&](const torch::Tensor& latents, const torch::Tensor& items) {
          return -options_.entropy_weight * state_.estimator->estimate(latents, items);
        },
        state_.estimator->trainable());
    step.loss += found.loss;
    shown_.information = -found.loss / options_.entropy_weight;
    const auto n_own = static_cast<std::ptrdiff_t>(state_.generator.trainable().size());
    gradient.assign(found.gradient.begin(), found.gradient.begin() + n_own);
    of_estimator.assign(found.gradient.begin() + n_own, found.gradient.end());
  } else {
    gradient = pass.gradient(step.vectors);
  }
  shown_.generator_loss = step.loss;
  const training::TensorViews views = torch_nets::views_of(gradient);
  shown_.generator_norm = training::gradient_norm(views);
  energies_ = values.energies;
  const std::span all(energies_);
  shown_.energy_data = mean_of(all.first(all.size() / 2));
  shown_.energy_samples = mean_of(all.subspan(all.size() / 2));
  shown_.saturation = samplers::saturation(pass.rows(), box_);
  const auto reason =
      guard().observe({.loss = shown_.critic_loss + shown_.generator_loss,
                       .energy_gap = shown_.energy_data - shown_.energy_samples,
                       .grad_norm = std::max(shown_.critic_norm, shown_.generator_norm),
                       .saturation = shown_.saturation,
                       .energies = energies_});
  if (reason) return reason;
  training::clip_gradient(views, shown_.generator_norm, options_.clip_grad_norm);
  shown_.learning_rate = options_.rate_at(counters().iteration, counters().rollbacks);
  state_.generator_adam.step(views, shown_.learning_rate);
  if (state_.estimator) {
    state_.estimator_adam->step(torch_nets::views_of(of_estimator), shown_.learning_rate);
  }
  return std::nullopt;
}

std::optional<std::string> GanTrainer::iterate() {
  const std::int64_t n = options_.batch_size;
  shown_ = {};
  fd().reset();
  sampler_.reset();
  for (std::int64_t k = 1; k <= options_.critic_steps; ++k) {
    const std::int64_t step = counters().iteration * options_.critic_steps + k - 1;
    GeneratorPass pass(state_.generator, draw_latents(base::Domain::kLatent, step * n, n),
                       n_threads());
    train_critic(step, pass.rows());
    // A bad step of the critic is for the guard at once, not for a later one to write over.
    const bool is_good = std::isfinite(shown_.critic_loss) && std::isfinite(shown_.critic_norm);
    if (is_good && k < options_.critic_steps) continue;
    if (auto reason = train_generator(pass)) return reason;
  }
  ++counters().iteration;
  training::update_average(torch_nets::values_of(state_.generator.trainable()),
                           counters().iteration, options_.ema_decay,
                           torch_nets::values_of(state_.average.trainable()));
  copy_buffers(state_.generator, state_.average);
  return std::nullopt;
}

std::shared_ptr<const torch_nets::TorchNet> GanTrainer::sampler() const {
  if (!sampler_) {
    sampler_ = with_standing_statistics(state_.average, static_cast<std::uint64_t>(options_.seed),
                                        n_threads());
  }
  return sampler_;
}

std::optional<std::vector<float>> GanTrainer::draw_samples(base::Domain domain, std::int64_t n,
                                                           const std::atomic<int>& stop) const {
  return generate(*sampler(), draw_latents(domain, 0, n), n_threads(), stop);
}

std::vector<training::Figure> GanTrainer::figures() const {
  std::vector<training::Figure> all{{"energy_data", shown_.energy_data},
                                    {"energy_samples", shown_.energy_samples},
                                    {"energy_gap", shown_.energy_data - shown_.energy_samples},
                                    {"loss", shown_.critic_loss},
                                    {"generator_loss", shown_.generator_loss},
                                    {"grad_norm", shown_.critic_norm},
                                    {"generator_grad_norm", shown_.generator_norm},
                                    {"learning_rate", shown_.learning_rate},
                                    {"saturation", shown_.saturation}};
  if (state_.estimator) all.push_back({"information", shown_.information});
  if (evaluates_samples()) all.push_back(training::figure_if("fd", fd()));
  return all;
}

training::Learner::Work GanTrainer::work() const {
  return {"images_per_s", static_cast<double>(options_.batch_size * options_.critic_steps)};
}

void GanTrainer::show_energies(training::TrainObserver& observer) const {
  const std::span all(energies_);
  observer.on_energies(counters().iteration, all.first(all.size() / 2),
                       all.subspan(all.size() / 2));
}

nets::SafetensorsFile GanTrainer::model() const {
  return gan_file(model_of(*sampler(), state_.critic, options_.data));
}

}  // namespace ebm::gan
