#include "evaluation/sampling/sampler_overrides.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/number_text.h"
#include "base/require.h"
#include "evaluation/adapted_file.h"
#include "samplers/kernels/langevin.h"
#include "samplers/kernels/parallel_tempering.h"

namespace ebm::evaluation {
namespace {

void apply_ladder(const SamplerOverrides& overrides, samplers::SamplerSettings& settings) {
  if (!overrides.ladder.empty()) {
    settings.ladder.clear();
    for (const double factor : overrides.ladder) {
      settings.ladder.push_back(base::to_float("ladder", factor));
    }
    return;
  }
  if (!overrides.replicas && !overrides.max_temperature) return;
  const std::int64_t replicas = overrides.replicas.value_or(4);
  if (replicas != 2 && replicas != 4 && replicas != 8 && replicas != 16) {
    throw Error(ErrorCode::kUsage,
                "replicas = " + std::to_string(replicas) + ": must be 2, 4, 8 or 16");
  }
  const double highest = overrides.max_temperature.value_or(8.0);
  base::require_finite("max-temperature", highest);
  if (!(highest > 1.0)) {
    throw Error(ErrorCode::kUsage, "max-temperature = " + base::number_text(highest) +
                                       ": must be above 1, the factor of the coldest replica");
  }
  settings.ladder =
      samplers::geometric_ladder(replicas, base::to_float("max-temperature", highest));
}

void apply_walls(const SamplerOverrides& overrides, samplers::SamplerSettings& settings) {
  if (overrides.box) {
    settings.box = samplers::Box{base::to_float("box", (*overrides.box)[0]),
                                 base::to_float("box", (*overrides.box)[1])};
    settings.box->validate();
  }
  if (overrides.box_rule.empty()) return;
  if (!settings.box) {
    throw Error(ErrorCode::kUsage, "box-rule = " + overrides.box_rule + ": needs --box LOW,HIGH");
  }
  settings.box_rule =
      base::value_of<samplers::BoxRule>("box-rule", samplers::kBoxRules, overrides.box_rule);
}

/// The sampler, and the one inside it.
void apply_names(const SamplerOverrides& overrides, samplers::SamplerSettings& settings) {
  const samplers::SamplerKind before = settings.sampler;
  if (overrides.sampler) settings.sampler = samplers::sampler_kind(*overrides.sampler);
  if (!overrides.inner.empty() && !samplers::has_inner(settings.sampler)) {
    throw Error(ErrorCode::kUsage, "inner = " + overrides.inner + ": not for " +
                                       samplers::sampler_name(settings.sampler) +
                                       "; it is an option of parallel-tempering and annealed");
  }
  settings.inner.reset();
  if (!overrides.inner.empty()) {
    settings.inner = samplers::sampler_kind(overrides.inner, "inner");
  } else if (settings.sampler == samplers::SamplerKind::kParallelTempering) {
    settings.inner = samplers::SamplerKind::kMala;
  } else if (settings.sampler == samplers::SamplerKind::kAnnealed) {
    settings.inner = samplers::SamplerKind::kLangevin;
  }
  if (settings.sampler == before) return;
  // The step size of a recipe is Langevin's, and its noise goes with it.
  settings.step_size = samplers::default_step_size(settings.inner.value_or(settings.sampler));
  settings.noise_scale.reset();
  settings.start_sd.reset();
}

std::vector<samplers::SamplerKind> samplers_with_a_temperature() {
  std::vector<samplers::SamplerKind> kinds;
  for (const std::string& name : samplers::sampler_names()) {
    const samplers::SamplerKind kind = samplers::sampler_kind(name);
    if (samplers::has_temperature(kind)) kinds.push_back(kind);
  }
  return kinds;
}

/// Refuses overrides that the chosen sampler ignores.
void require_used(const SamplerOverrides& overrides, const samplers::SamplerSettings& settings) {
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
  require("noise-scale", overrides.noise_scale.has_value(),
          {SamplerKind::kLangevin, SamplerKind::kGradientFlow});
  require("clamp-energy-grad", overrides.clamp_energy_grad.has_value(), {SamplerKind::kLangevin});
  require("temperature", overrides.temperature.has_value(), samplers_with_a_temperature());
  require("leapfrog", overrides.leapfrog.has_value(), {SamplerKind::kHmc});
  require("jitter", overrides.jitter.has_value(), {SamplerKind::kHmc});
  require("max-tree-depth", overrides.max_tree_depth.has_value(), {SamplerKind::kNuts});
  require("friction", overrides.friction.has_value(), {SamplerKind::kUnderdamped});
  require("momentum", overrides.momentum.has_value(), {SamplerKind::kNesterov});
  require("flow-time", overrides.flow_time.has_value(), {SamplerKind::kGradientFlow});
  const std::vector<SamplerKind> with_levels{SamplerKind::kAnnealedLangevin,
                                             SamplerKind::kProbabilityFlow, SamplerKind::kAncestral,
                                             SamplerKind::kRecovery};
  require("level-max", overrides.level_max.has_value(), with_levels);
  require("level-min", overrides.level_min.has_value(), with_levels);
  require("levels", overrides.levels.has_value(),
          {SamplerKind::kAnnealedLangevin, SamplerKind::kRecovery});
  require("ladder", !overrides.ladder.empty(), {SamplerKind::kParallelTempering});
  require("replicas", overrides.replicas.has_value(), {SamplerKind::kParallelTempering});
  require("max-temperature", overrides.max_temperature.has_value(),
          {SamplerKind::kParallelTempering});
  require("temperature-schedule", !overrides.temperature_schedule.empty(),
          {SamplerKind::kAnnealed});
  require("step-schedule", !overrides.step_schedule.empty(), {SamplerKind::kAnnealed});
  const auto require_one = [](const char* schedule, bool has_schedule, const char* constant,
                              bool has_constant) {
    if (!has_schedule || !has_constant) return;
    throw Error(ErrorCode::kUsage, std::string(schedule) + ": not valid with --" + constant);
  };
  require_one("temperature-schedule", !overrides.temperature_schedule.empty(), "temperature",
              overrides.temperature.has_value());
  require_one("step-schedule", !overrides.step_schedule.empty(), "step-size",
              overrides.step_size.has_value());
}

/// @param n_steps  on all levels together
void apply_levels(const SamplerOverrides& overrides, std::int64_t n_steps,
                  samplers::SamplerSettings& settings) {
  if (overrides.level_max) {
    const float before = settings.levels.highest;
    settings.levels.highest = base::to_float("level-max", *overrides.level_max);
    // Starts are data with noise of the highest level.
    const float start = settings.start_sd.value_or(before);
    const float data = start * start - before * before;
    const float highest = settings.levels.highest;
    settings.start_sd = std::sqrt(highest * highest + std::max(0.0f, data));
  }
  if (overrides.level_min)
    settings.levels.lowest = base::to_float("level-min", *overrides.level_min);
  settings.n_levels =
      overrides.levels.value_or(std::min(settings.n_levels, std::max<std::int64_t>(2, n_steps)));
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

std::optional<samplers::SamplerKind> given_sampler(const SamplerOverrides& overrides) {
  if (!overrides.sampler) return std::nullopt;
  return samplers::sampler_kind(*overrides.sampler);
}

void apply_overrides(const SamplerOverrides& overrides, std::int64_t dim, std::int64_t n_steps,
                     samplers::SamplerSettings& settings) {
  apply_names(overrides, settings);
  require_used(overrides, settings);
  if (!overrides.adapted.empty()) read_adapted(overrides.adapted, dim, settings);
  if (overrides.step_size) {
    settings.step_size = base::to_float("step-size", *overrides.step_size);
    settings.noise_scale.reset();
  }
  if (overrides.temperature) {
    settings.temperature = base::to_float("temperature", *overrides.temperature);
    settings.noise_scale.reset();
  }
  if (overrides.noise_scale) {
    settings.noise_scale = base::to_float("noise-scale", *overrides.noise_scale);
    base::require_non_negative("noise_scale", double{*settings.noise_scale});
    base::require_positive("step_size", double{settings.step_size});
    // What encloses Langevin goes by the temperature.
    settings.temperature =
        samplers::effective_temperature(settings.step_size, *settings.noise_scale);
  }
  if (overrides.temperature) require_noise(settings);
  if (overrides.clamp_energy_grad) {
    base::require_non_negative("clamp-energy-grad", *overrides.clamp_energy_grad);
    settings.clamp_energy_grad.reset();
    if (*overrides.clamp_energy_grad > 0.0) {
      settings.clamp_energy_grad =
          base::to_float("clamp-energy-grad", *overrides.clamp_energy_grad);
    }
  }
  apply_walls(overrides, settings);
  if (overrides.leapfrog) {
    base::require_at_least("leapfrog", *overrides.leapfrog, 1);
    settings.n_leapfrog = *overrides.leapfrog;
  }
  if (overrides.jitter) settings.jitter = *overrides.jitter;
  if (overrides.max_tree_depth) {
    base::require_at_least("max-tree-depth", *overrides.max_tree_depth, 1);
    settings.max_tree_depth = *overrides.max_tree_depth;
  }
  if (overrides.friction) settings.friction = base::to_float("friction", *overrides.friction);
  if (overrides.momentum) settings.momentum = base::to_float("momentum", *overrides.momentum);
  if (overrides.flow_time) settings.flow_time = base::to_float("flow-time", *overrides.flow_time);
  apply_levels(overrides, n_steps, settings);
  apply_ladder(overrides, settings);
  settings.schedules.n_steps = std::max<std::int64_t>(1, n_steps);
  settings.schedules.temperature = {.start = settings.temperature};
  settings.schedules.step_size = {.start = settings.step_size};
  if (!overrides.temperature_schedule.empty()) {
    settings.schedules.temperature =
        samplers::parse_schedule("temperature-schedule", overrides.temperature_schedule);
  }
  if (!overrides.step_schedule.empty()) {
    settings.schedules.step_size =
        samplers::parse_schedule("step-schedule", overrides.step_schedule);
  }
}

}  // namespace ebm::evaluation
