#include "app/sample/apply_sampler_options.h"

#include <algorithm>

#include "base/error.h"
#include "base/number_text.h"
#include "base/require.h"
#include "evaluation/adapted_file.h"
#include "samplers/kernels/langevin.h"
#include "samplers/kernels/parallel_tempering.h"

namespace ebm::app {
namespace {

void apply_ladder(const SamplerOptions& options, samplers::SamplerSettings& settings) {
  if (!options.ladder.empty()) {
    settings.ladder.clear();
    for (const double factor : options.ladder) {
      settings.ladder.push_back(base::to_float("ladder", factor));
    }
    return;
  }
  if (!options.replicas && !options.max_temperature) return;
  const std::int64_t replicas = options.replicas.value_or(4);
  if (replicas != 2 && replicas != 4 && replicas != 8 && replicas != 16) {
    throw Error(ErrorCode::kUsage,
                "replicas = " + std::to_string(replicas) + ": must be 2, 4, 8 or 16");
  }
  const double highest = options.max_temperature.value_or(8.0);
  base::require_finite("max-temperature", highest);
  if (!(highest > 1.0)) {
    throw Error(ErrorCode::kUsage, "max-temperature = " + base::number_text(highest) +
                                       ": must be above 1, the factor of the coldest replica");
  }
  settings.ladder =
      samplers::geometric_ladder(replicas, base::to_float("max-temperature", highest));
}

void apply_walls(const SamplerOptions& options, samplers::SamplerSettings& settings) {
  if (options.box) {
    settings.box = samplers::Box{base::to_float("box", (*options.box)[0]),
                                 base::to_float("box", (*options.box)[1])};
    settings.box->validate();
  }
  if (options.box_rule.empty()) return;
  if (!settings.box) {
    throw Error(ErrorCode::kUsage, "box-rule = " + options.box_rule + ": needs --box LOW,HIGH");
  }
  settings.box_rule =
      base::value_of<samplers::BoxRule>("box-rule", samplers::kBoxRules, options.box_rule);
}

/// The sampler, and the one inside it.
void apply_names(const SamplerOptions& options, samplers::SamplerSettings& settings) {
  const samplers::SamplerKind before = settings.sampler;
  if (options.sampler) settings.sampler = samplers::sampler_kind(*options.sampler);
  if (!options.inner.empty() && !samplers::has_inner(settings.sampler)) {
    throw Error(ErrorCode::kUsage, "inner = " + options.inner + ": not for " +
                                       samplers::sampler_name(settings.sampler) +
                                       "; it is an option of parallel-tempering and annealed");
  }
  settings.inner.reset();
  if (!options.inner.empty()) {
    settings.inner = samplers::sampler_kind(options.inner, "inner");
  } else if (settings.sampler == samplers::SamplerKind::kParallelTempering) {
    settings.inner = samplers::SamplerKind::kMala;
  } else if (settings.sampler == samplers::SamplerKind::kAnnealed) {
    settings.inner = samplers::SamplerKind::kLangevin;
  }
  if (settings.sampler == before) return;
  // The step size of a recipe is Langevin's, and its noise goes with it.
  settings.step_size = samplers::default_step_size(settings.inner.value_or(settings.sampler));
  settings.noise_scale.reset();
}

std::vector<samplers::SamplerKind> samplers_with_a_temperature() {
  std::vector<samplers::SamplerKind> kinds;
  for (const std::string& name : samplers::sampler_names()) {
    const samplers::SamplerKind kind = samplers::sampler_kind(name);
    if (samplers::has_temperature(kind)) kinds.push_back(kind);
  }
  return kinds;
}

/// Refuses options that the chosen sampler ignores.
void require_used(const SamplerOptions& options, const samplers::SamplerSettings& settings) {
  using samplers::SamplerKind;
  const auto require = [&](const char* option, bool is_given,
                           const std::vector<SamplerKind>& takers) {
    if (!is_given) return;
    std::string names;
    for (const SamplerKind taker : takers) {
      if (taker == settings.sampler || taker == settings.inner) return;
      names += (names.empty() ? "" : ", ") + samplers::sampler_name(taker);
    }
    throw Error(ErrorCode::kUsage,
                std::string(option) + ": not for " + samplers::sampler_name(settings.sampler) +
                    (settings.inner ? " of " + samplers::sampler_name(*settings.inner) : "") +
                    "; it is an option of " + names);
  };
  require("noise-scale", options.noise_scale.has_value(), {SamplerKind::kLangevin});
  require("temperature", options.temperature.has_value(), samplers_with_a_temperature());
  require("leapfrog", options.leapfrog.has_value(), {SamplerKind::kHmc});
  require("jitter", options.jitter.has_value(), {SamplerKind::kHmc});
  require("max-tree-depth", options.max_tree_depth.has_value(), {SamplerKind::kNuts});
  require("friction", options.friction.has_value(), {SamplerKind::kUnderdamped});
  require("momentum", options.momentum.has_value(), {SamplerKind::kNesterov});
  require("ladder", !options.ladder.empty(), {SamplerKind::kParallelTempering});
  require("replicas", options.replicas.has_value(), {SamplerKind::kParallelTempering});
  require("max-temperature", options.max_temperature.has_value(),
          {SamplerKind::kParallelTempering});
  require("temperature-schedule", !options.temperature_schedule.empty(), {SamplerKind::kAnnealed});
  require("step-schedule", !options.step_schedule.empty(), {SamplerKind::kAnnealed});
  const auto require_one = [](const char* schedule, bool has_schedule, const char* constant,
                              bool has_constant) {
    if (!has_schedule || !has_constant) return;
    throw Error(ErrorCode::kUsage, std::string(schedule) + ": not valid with --" + constant);
  };
  require_one("temperature-schedule", !options.temperature_schedule.empty(), "temperature",
              options.temperature.has_value());
  require_one("step-schedule", !options.step_schedule.empty(), "step-size",
              options.step_size.has_value());
}

/// Of a temperature above 0 there is some.
void require_noise(const samplers::SamplerSettings& settings) {
  if (!(settings.temperature > 0.0f && settings.step_size > 0.0f) ||
      samplers::noise_scale_of(settings.step_size, settings.temperature) > 0.0f) {
    return;
  }
  throw Error(ErrorCode::kUsage, "temperature = " + base::number_text(settings.temperature) +
                                     ": with step_size " + base::number_text(settings.step_size) +
                                     " the noise is 0 in float32");
}

}  // namespace

void apply_sampler_options(const SamplerOptions& options, std::int64_t dim, std::int64_t n_steps,
                           samplers::SamplerSettings& settings) {
  apply_names(options, settings);
  require_used(options, settings);
  if (!options.adapted.empty()) evaluation::read_adapted(options.adapted, dim, settings);
  if (options.step_size) {
    settings.step_size = base::to_float("step-size", *options.step_size);
    settings.noise_scale.reset();
  }
  if (options.temperature) {
    settings.temperature = base::to_float("temperature", *options.temperature);
    settings.noise_scale.reset();
  }
  if (options.noise_scale) {
    settings.noise_scale = base::to_float("noise-scale", *options.noise_scale);
    base::require_non_negative("noise_scale", double{*settings.noise_scale});
    base::require_positive("step_size", double{settings.step_size});
    // What encloses Langevin goes by the temperature.
    settings.temperature =
        samplers::effective_temperature(settings.step_size, *settings.noise_scale);
  }
  if (options.temperature) require_noise(settings);
  apply_walls(options, settings);
  if (options.leapfrog) {
    base::require_at_least("leapfrog", *options.leapfrog, 1);
    settings.n_leapfrog = *options.leapfrog;
  }
  if (options.jitter) settings.jitter = *options.jitter;
  if (options.max_tree_depth) {
    base::require_at_least("max-tree-depth", *options.max_tree_depth, 1);
    settings.max_tree_depth = *options.max_tree_depth;
  }
  if (options.friction) settings.friction = base::to_float("friction", *options.friction);
  if (options.momentum) settings.momentum = base::to_float("momentum", *options.momentum);
  apply_ladder(options, settings);
  settings.schedules.n_steps = std::max<std::int64_t>(1, n_steps);
  settings.schedules.temperature = {.start = settings.temperature};
  settings.schedules.step_size = {.start = settings.step_size};
  if (!options.temperature_schedule.empty()) {
    settings.schedules.temperature =
        samplers::parse_schedule("temperature-schedule", options.temperature_schedule);
  }
  if (!options.step_schedule.empty()) {
    settings.schedules.step_size = samplers::parse_schedule("step-schedule", options.step_schedule);
  }
}

}  // namespace ebm::app
