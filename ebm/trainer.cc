#include "ebm/trainer.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/require.h"
#include "ebm/compiled_backend.h"
#include "ebm/conditioned_net.h"
#include "ebm/joint_classifier.h"
#include "ebm/noise_samples.h"
#include "ebm/objective_draws.h"
#include "ebm/objectives/objective_table.h"
#include "ebm/recovery_negatives.h"
#include "samplers/kernels/conditional_langevin.h"
#include "samplers/kernels/sampler_settings.h"
#include "samplers/saturation.h"
#include "training/data_fingerprint.h"
#include "training/option_checks.h"

namespace ebm {
namespace {

/// Of a picture of samples by class.
constexpr std::int64_t kMaxShownClasses = 20;
constexpr std::size_t kShownOfAClass = 8;

/// @throws Error(kUsage), Error(kShape) unless the base measure is that of the options and the
/// data.
ChainDynamics dynamics_of(const TrainOptions& options, const data::Dataset& dataset,
                          std::int64_t dim, const std::optional<training::BaseMeasure>& base) {
  ChainDynamics dynamics{.langevin = options.langevin(dataset.is_image),
                         .data_sd = base::to_float("data_sd", options.data_sd)};
  if (base.has_value() == options.base.empty()) {
    throw Error(ErrorCode::kUsage,
                "base = " + options.base + ": the key and the base measure go together");
  }
  if (!base) return dynamics;
  base::require_size("base", static_cast<std::size_t>(base->energy->dim()), dim,
                     "as many values as an item of the data");
  dynamics.base = {base->energy, samplers::effective_temperature(dynamics.langevin.step_size,
                                                                 dynamics.langevin.noise_scale)};
  return dynamics;
}

/// Nothing for a run without classes.
std::optional<ClassConditions> classes_of(const TrainOptions& options,
                                          const nets::Architecture& architecture,
                                          const data::Dataset& dataset, const Needs& needs) {
  require_conditions(architecture, options, dataset, needs.noise_level);
  if (!options.has_classes()) return std::nullopt;
  return ClassConditions(dataset, options.label_dropout, static_cast<std::uint64_t>(options.seed));
}

/// The dynamics by which samples are drawn.
ChainDynamics drawn_by(const nets::SamplerRecipe& recipe, ChainDynamics dynamics) {
  if (recipe.sampler == samplers::SamplerKind::kLangevin) return dynamics;
  dynamics.kernel = samplers::make_kernel(nets::settings_of(recipe));
  return dynamics;
}

/// The dynamics of chains in training.
ChainDynamics trained_by(NegativeSource source, const TrainOptions& options, ChainDynamics dynamics,
                         const ChainDynamics& of_samples) {
  if (source == NegativeSource::kFlow) return of_samples;
  if (source == NegativeSource::kRecovery) {
    dynamics.kernel =
        std::make_shared<samplers::ConditionalLangevin>(samplers::ConditionalLangevinOptions{
            .ratio = static_cast<float>(RecoveryLevels(options).ratio),
            .step_size = base::to_float("step_size", options.step_size)});
  }
  return dynamics;
}

std::unique_ptr<const Objective> with_terms(std::unique_ptr<const Objective> objective,
                                            const TrainOptions& options) {
  if (options.classify_weight == 0.0) return objective;
  return with_classifier(std::move(objective), options.classify_weight);
}

NetBackend backend_of(const TrainOptions& options, const nets::Architecture& architecture,
                      int n_threads, NetBackend torch) {
  if (options.backend == Backend::kCompiled) {
    return compiled_backend(architecture, options.precision, "net = " + options.net, n_threads);
  }
  if (torch) return torch;
  throw Error(ErrorCode::kUsage, "backend = torch: needs LibTorch, which is not here");
}

/// The contexts of n chains, which the sampler gives the levels of its schedule.
/// @param labels  [n], empty if there are no classes
std::vector<float> with_levels(std::span<const float> labels, std::int64_t n) {
  std::vector<float> context;
  for (std::size_t i = 0; i < static_cast<std::size_t>(n); ++i) {
    if (!labels.empty()) context.push_back(labels[i]);
    context.push_back(1.0f);
  }
  return context;
}

nets::SamplerRecipe recipe_of(const Objective& objective, const TrainOptions& options,
                              const ChainDynamics& dynamics) {
  nets::SamplerRecipe recipe = objective.recipe({.langevin = dynamics.langevin,
                                                 .n_steps = options.sample_steps,
                                                 .precision = options.precision});
  if (options.guidance != 1.0) recipe.guidance = static_cast<float>(options.guidance);
  if (options.guidance_start > 0.0) {
    recipe.guidance_start = static_cast<float>(options.guidance_start);
  }
  if (options.guidance_end > 0.0) recipe.guidance_end = static_cast<float>(options.guidance_end);
  return recipe;
}

}  // namespace

Trainer::Trainer(const TrainOptions& options, const nets::Architecture& architecture,
                 const data::Dataset& dataset, TrainerParts parts)
    : Trainer(
          options, architecture, dataset,
          objective_entry(training::validated(options).objective).make(options, dataset.is_image),
          std::move(parts)) {}

Trainer::Trainer(const TrainOptions& options, const nets::Architecture& architecture,
                 const data::Dataset& dataset, std::unique_ptr<const Objective> objective,
                 TrainerParts parts)
    : DataLearner(options, training::validated(options).evaluations(), dataset, parts.quality),
      options_(options),
      objective_(with_terms(std::move(objective), options)),
      classes_(classes_of(options, architecture, dataset, objective_->needs())),
      class_figures_(
          classes_, objective_->needs().negatives != NegativeSource::kNone,
          options.persistent && objective_->needs().negatives == NegativeSource::kChains),
      base_(std::move(parts.base)),
      dynamics_(dynamics_of(options, dataset, architecture.input.size(), base_)),
      recipe_(recipe_of(*objective_, options, dynamics_)),
      sample_dynamics_(drawn_by(recipe_, dynamics_)),
      negatives_(make_negatives(options,
                                {.needs = objective_->needs(),
                                 .dynamics = dynamics_,
                                 .dim = architecture.input.size(),
                                 .image = image_shape(dataset),
                                 .classes = classes_},
                                parts.noise)),
      backend_(backend_of(options, architecture, n_threads(), std::move(parts.torch))),
      state_(options, architecture, classes_ ? classes_->names() : std::vector<std::string>()),
      net_(backend_(state_.net, trained_by(objective_->needs().negatives, options, dynamics_,
                                           sample_dynamics_))),
      batch_{.positives = std::vector<float>(
                 static_cast<std::size_t>(options.batch_size * architecture.input.size()))} {
  objective_->require_fitting(architecture);
  if (sample_dynamics_.kernel && options.device == Device::kCuda) {
    throw Error(ErrorCode::kUsage, "device = cuda: samples of objective = " +
                                       std::string(objective_entry(options.objective).name) +
                                       " are drawn on the CPU alone; use cpu");
  }
  if (!classes_) return;
  if (objective_->needs().negatives == NegativeSource::kChains) {
    std::vector<std::string> names;
    for (std::int64_t y = 0; y <= classes_->classes(); ++y) names.push_back(classes_->name(y));
    guard().watch_classes(options.max_class_gap(), std::move(names));
  }
  counters().data_fingerprint += "-" + training::label_fingerprint(dataset);
  batch_.labels.resize(static_cast<std::size_t>(options.batch_size));
  batch_.positive_context.resize(batch_.labels.size());
}

void Trainer::read_batch() {
  const std::int64_t iteration = counters().iteration;
  batches().fill(iteration, batch_.positives, batch_.labels);
  batch_.is_recorded = (iteration + 1) % options_.log_every == 0;
  draw_for_objective(objective_->needs(), options_, counters(), dataset().shape.size(), batch_);
  if (!classes_) return;
  classes_->drop_labels(batch_.labels, iteration * options_.batch_size, counters().generation(),
                        batch_.positive_context);
}

void Trainer::prepare() {
  DataLearner::prepare();
  if (counters().iteration > 0) return;
  read_batch();
  negatives_->describe_data(batch_);
  net_->update();
  objective_->initialise(batch_, *net_, state_.net);
  state_.start_average();
}

nets::SafetensorsFile Trainer::model() const { return state_.model(recipe_, options_.data, base_); }

nets::CheckpointFiles Trainer::model_state() const {
  return state_.to_files(recipe_, options_.data, base_);
}

void Trainer::restore_model_state(const nets::CheckpointFiles& files, const std::string& origin) {
  state_.restore(files, origin, base_);
  negatives_->restore(files, origin);
}

training::DataLearner::RememberedModel Trainer::remember_model() {
  const auto kept = std::make_shared<const nets::CheckpointFiles>(model_state());
  const auto recall_negatives = negatives_->remember();
  return {[=, this] {
            state_.restore(*kept, "the iteration before", base_);
            recall_negatives();
          },
          [=, this] {
            recall_negatives();
            nets::UnwrittenFiles files = nets::views_of(*kept);
            negatives_->add_to(files);
            return files;
          }};
}

void Trainer::reset_model_state() {
  state_ = TrainState(options_, state_.net.architecture(),
                      classes_ ? classes_->names() : std::vector<std::string>());
  negatives_->start_afresh();
}

std::optional<std::string> Trainer::iterate() {
  state_.net.power_iteration(1);
  net_->update();
  read_batch();
  ObjectiveStep step;
  try {
    negatives_->draw(*net_, counters(), batch_);
    step = objective_->step(*net_, batch_);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kDiverged) throw;
    return error.what();
  }
  const training::TensorViews gradient = training::views_of(step.gradient);
  const double norm = training::gradient_norm(gradient);
  // Chains at levels of noise leave the box.
  const bool are_in_box = !objective_->needs().noise_level;
  const double saturation =
      are_in_box ? samplers::saturation(batch_.negatives, dynamics_.langevin.box) : 0.0;
  std::vector<training::ClassGap> gaps;
  if (classes_ && !batch_.negatives.empty()) {
    gaps = gaps_of_classes(step.energies, batch_.positive_context, batch_.negative_context,
                           classes_->classes() + 1);
  }
  if (auto reason = guard().observe({.loss = step.loss,
                                     .energy_gap = step.guarded_gap,
                                     .grad_norm = norm,
                                     .saturation = saturation,
                                     .energies = step.energies,
                                     .classes = gaps})) {
    return reason;
  }
  const double rate = options_.rate_at(counters().iteration, counters().rollbacks);
  // Before the network's step, so that no checkpoint holds a noise that diverged.
  if (auto reason = negatives_->learn(batch_, step, rate / options_.learning_rate, counters())) {
    return reason;
  }
  training::clip_gradient(gradient, norm, options_.clip_grad_norm);
  state_.adam.step(gradient, rate);
  ++counters().iteration;
  state_.update_average(counters().iteration, options_.ema_decay);
  step.gradient.clear();
  fd().reset();
  shown_ = {.step = std::move(step),
            .grad_norm = norm,
            .learning_rate = rate,
            .buffer_age = negatives_->mean_age(),
            .saturation = saturation};
  if (batch_.is_recorded && class_figures_.has_columns()) {
    shown_.ages = negatives_->mean_ages_of_classes();
    shown_.gaps = std::move(gaps);
  }
  return std::nullopt;
}

bool Trainer::evaluate(const std::atomic<int>& stop, training::TrainObserver& observer) {
  try {
    if (!DataLearner::evaluate(stop, observer)) return false;
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kDiverged) throw;
    observer.on_warning(std::string("no FD of samples: ") + error.what());
  }
  // Of as many chains, as values of other n would not compare.
  const auto chains = negatives_->kept_chains(quality().n(), counters());
  if (!chains) return true;
  shown_.fd_buffer = quality().distance_of(*chains, "chains of the replay buffer", stop);
  return shown_.fd_buffer.has_value();
}

std::optional<std::vector<float>> Trainer::draw_samples(base::Domain domain, std::int64_t n,
                                                        const std::atomic<int>& stop) const {
  return draw_from_noise(domain, n, classes_ ? classes_->by_frequency(n) : std::vector<float>(),
                         stop);
}

std::optional<std::vector<float>> Trainer::draw_from_noise(base::Domain domain, std::int64_t n,
                                                           std::span<const float> labels,
                                                           const std::atomic<int>& stop) const {
  const auto average = backend_(state_.average, sample_dynamics_);
  std::vector<float> levels;
  if (objective_->needs().noise_level) levels = with_levels(labels, n);
  return draw_noise_samples(average->chain_driver(),
                            {.n = n,
                             .dim = dataset().shape.size(),
                             .box = dynamics_.langevin.box,
                             .start_sd = recipe_.start_sd,
                             .n_steps = recipe_.n_steps,
                             .context = levels.empty() ? labels : std::span<const float>(levels),
                             .key = key(domain),
                             .n_threads = n_threads()},
                            stop);
}

void Trainer::show_classes(training::TrainObserver& observer) const {
  const std::int64_t n_lines = std::min(classes_->classes(), kMaxShownClasses);
  std::vector<float> labels;
  std::vector<std::string> names;
  for (std::int64_t label = 0; label < n_lines; ++label) {
    labels.insert(labels.end(), kShownOfAClass, static_cast<float>(label));
    names.push_back(classes_->name(label));
  }
  const std::atomic<int> never{0};
  const auto rows = draw_from_noise(base::Domain::kPreview, std::ssize(labels), labels, never);
  observer.on_samples(counters().iteration,
                      {.from = sample_source(), .rows = *rows, .line_names = std::move(names)});
}

void Trainer::show_samples(training::TrainObserver& observer) const {
  try {
    if (classes_ && dataset().is_image) {
      show_classes(observer);
    } else {
      DataLearner::show_samples(observer);
    }
    negatives_->show(batch_, counters().iteration, observer);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kDiverged) throw;
    observer.on_warning(std::string("no picture from noise: ") + error.what());
  }
}

void Trainer::show_energies(training::TrainObserver& observer) const {
  const std::span all(shown_.step.energies);
  const auto n = static_cast<std::size_t>(options_.batch_size);
  observer.on_energies(counters().iteration, all.first(n), all.subspan(n));
}

std::vector<training::Figure> Trainer::figures() const {
  std::vector<training::Figure> all = objective_->figures(shown_.step);
  all.push_back({"grad_norm", shown_.grad_norm});
  all.push_back({"learning_rate", shown_.learning_rate});
  all.push_back({"buffer_age", shown_.buffer_age});
  all.push_back({"saturation", shown_.saturation});
  class_figures_.add_to(all, shown_.gaps, shown_.ages);
  if (!evaluates_samples()) return all;
  all.push_back(training::figure_if("fd", fd()));
  all.push_back(training::figure_if("fd_buffer", shown_.fd_buffer));
  return all;
}

}  // namespace ebm
