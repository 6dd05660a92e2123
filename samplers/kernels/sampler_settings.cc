#include "samplers/kernels/sampler_settings.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/error.h"
#include "base/names/nearest_name.h"
#include "samplers/kernels/ancestral.h"
#include "samplers/kernels/annealed_langevin.h"
#include "samplers/kernels/gradient_descent.h"
#include "samplers/kernels/gradient_flow.h"
#include "samplers/kernels/hmc.h"
#include "samplers/kernels/langevin.h"
#include "samplers/kernels/mala.h"
#include "samplers/kernels/nesterov.h"
#include "samplers/kernels/nuts.h"
#include "samplers/kernels/parallel_tempering.h"
#include "samplers/kernels/probability_flow.h"
#include "samplers/kernels/recovery.h"
#include "samplers/kernels/underdamped.h"

namespace ebm::samplers {
namespace {

[[noreturn]] void refuse_rule(const std::string& sampler, const char* rule, const char* reason) {
  throw Error(ErrorCode::kUsage,
              std::string("box_rule = ") + rule + ": not for " + sampler + ", " + reason);
}

std::unique_ptr<const Kernel> make_langevin(const SamplerSettings& s) {
  return std::make_unique<Langevin>(LangevinOptions{
      .step_size = s.step_size,
      .noise_scale = s.noise_scale ? *s.noise_scale : noise_scale_of(s.step_size, s.temperature),
      .clamp_energy_grad = s.clamp_energy_grad,
      .box = s.box,
      .box_rule = s.box_rule.value_or(BoxRule::kClamp),
      .preconditioner = s.inverse_mass});
}

GradientFlowOptions gradient_flow_options(const SamplerSettings& s) {
  return {
      .step_size = s.step_size,
      .flow_time = s.flow_time,
      .noise_scale = s.noise_scale ? *s.noise_scale : noise_scale_of(s.step_size, s.temperature),
      .box = s.box,
      .sets_time = s.flow_sets_time};
}

std::unique_ptr<const Kernel> make_gradient_flow(const SamplerSettings& s) {
  return std::make_unique<GradientFlow>(gradient_flow_options(s));
}

std::unique_ptr<const Kernel> make_mala(const SamplerSettings& s) {
  return std::make_unique<Mala>(MalaOptions{.step_size = s.step_size,
                                            .temperature = s.temperature,
                                            .preconditioner = s.inverse_mass,
                                            .box = s.box});
}

std::unique_ptr<const Kernel> make_hmc(const SamplerSettings& s) {
  return std::make_unique<Hmc>(HmcOptions{.step_size = s.step_size,
                                          .n_leapfrog = s.n_leapfrog,
                                          .jitter = s.jitter,
                                          .temperature = s.temperature,
                                          .inverse_mass = s.inverse_mass,
                                          .box = s.box});
}

std::unique_ptr<const Kernel> make_nuts(const SamplerSettings& s) {
  return std::make_unique<Nuts>(NutsOptions{.step_size = s.step_size,
                                            .max_tree_depth = s.max_tree_depth,
                                            .temperature = s.temperature,
                                            .inverse_mass = s.inverse_mass});
}

std::unique_ptr<const Kernel> make_underdamped(const SamplerSettings& s) {
  return std::make_unique<Underdamped>(UnderdampedOptions{.step_size = s.step_size,
                                                          .friction = s.friction,
                                                          .temperature = s.temperature,
                                                          .inverse_mass = s.inverse_mass,
                                                          .box = s.box});
}

std::unique_ptr<const Kernel> make_gradient_descent(const SamplerSettings& s) {
  return std::make_unique<GradientDescent>(
      GradientDescentOptions{.step_size = s.step_size, .box = s.box});
}

std::unique_ptr<const Kernel> make_nesterov(const SamplerSettings& s) {
  // Chains from N(0, start_sd²·I) begin outside of the box: their last step ends in it.
  return std::make_unique<Nesterov>(
      NesterovOptions{.step_size = s.step_size,
                      .momentum = s.momentum,
                      .box = s.box,
                      .first_step_in_box = s.start_sd ? s.schedules.n_steps - 1 : 0});
}

/// Settings of the kernel inside.
SamplerSettings inner_settings(const SamplerSettings& s, SamplerKind default_inner) {
  SamplerSettings inner = s;
  inner.sampler = s.inner.value_or(default_inner);
  inner.inner.reset();
  if (has_inner(inner.sampler)) {
    throw Error(ErrorCode::kUsage, "inner = " + sampler_name(inner.sampler) +
                                       ": must be a sampler that has no inner one itself");
  }
  if (inner.sampler == SamplerKind::kGradientFlow || has_levels(inner.sampler)) {
    throw Error(ErrorCode::kUsage, "inner = " + sampler_name(inner.sampler) +
                                       ": follows a schedule of its own; use langevin");
  }
  return inner;
}

std::unique_ptr<const Kernel> make_parallel_tempering(const SamplerSettings& s) {
  if (s.inner && !has_temperature(*s.inner)) {
    throw Error(ErrorCode::kUsage, "inner = " + sampler_name(*s.inner) +
                                       ": has no temperature to exchange; use langevin or mala");
  }
  return std::make_unique<ParallelTempering>(
      make_kernel(inner_settings(s, SamplerKind::kMala)),
      ParallelTemperingOptions{.ladder = s.ladder, .temperature = s.temperature});
}

std::unique_ptr<const Kernel> make_annealed(const SamplerSettings& s) {
  const SamplerSettings inner = inner_settings(s, SamplerKind::kLangevin);
  return std::make_unique<Annealed>(
      [inner](float step_size, float temperature) {
        SamplerSettings now = inner;
        now.step_size = step_size;
        now.temperature = temperature;
        now.noise_scale.reset();
        return make_kernel(now);
      },
      s.schedules);
}

std::unique_ptr<const Kernel> make_annealed_langevin(const SamplerSettings& s) {
  return std::make_unique<AnnealedLangevin>(AnnealedLangevinOptions{.levels = s.levels,
                                                                    .n_levels = s.n_levels,
                                                                    .n_steps = s.schedules.n_steps,
                                                                    .step_size = s.step_size,
                                                                    .temperature = s.temperature,
                                                                    .box = s.box});
}

std::unique_ptr<const Kernel> make_probability_flow(const SamplerSettings& s) {
  return std::make_unique<ProbabilityFlow>(
      LevelDescentOptions{.levels = s.levels, .n_steps = s.schedules.n_steps, .box = s.box});
}

std::unique_ptr<const Kernel> make_ancestral(const SamplerSettings& s) {
  return std::make_unique<Ancestral>(
      LevelDescentOptions{.levels = s.levels, .n_steps = s.schedules.n_steps, .box = s.box});
}

std::unique_ptr<const Kernel> make_recovery(const SamplerSettings& s) {
  return std::make_unique<Recovery>(RecoveryOptions{.levels = s.levels,
                                                    .n_levels = s.n_levels,
                                                    .n_steps = s.schedules.n_steps,
                                                    .step_size = s.step_size,
                                                    .box = s.box});
}

enum class Walls { kBoth, kReflect, kClamp, kNone };

struct SamplerRow {
  SamplerKind kind;
  const char* name;
  std::unique_ptr<const Kernel> (*make)(const SamplerSettings&);
  std::optional<double> target_acceptance;
  Walls walls;
  float step_size;
};

// In the order of the enumeration. Parallel tempering and annealing leave the walls to the kernel
// inside.
const SamplerRow kSamplers[] = {
    {SamplerKind::kLangevin, "langevin", make_langevin, std::nullopt, Walls::kBoth, 0.01f},
    {SamplerKind::kMala, "mala", make_mala, 0.574, Walls::kReflect, 0.01f},
    {SamplerKind::kHmc, "hmc", make_hmc, 0.8, Walls::kReflect, 0.1f},
    {SamplerKind::kNuts, "nuts", make_nuts, 0.8, Walls::kNone, 0.1f},
    {SamplerKind::kUnderdamped, "underdamped", make_underdamped, std::nullopt, Walls::kReflect,
     0.1f},
    {SamplerKind::kGradientDescent, "gradient-descent", make_gradient_descent, std::nullopt,
     Walls::kClamp, 0.01f},
    {SamplerKind::kNesterov, "nesterov", make_nesterov, std::nullopt, Walls::kClamp, 0.01f},
    {SamplerKind::kParallelTempering, "parallel-tempering", make_parallel_tempering, std::nullopt,
     Walls::kBoth, 0.01f},
    {SamplerKind::kAnnealed, "annealed", make_annealed, std::nullopt, Walls::kBoth, 0.01f},
    {SamplerKind::kGradientFlow, "gradient-flow", make_gradient_flow, std::nullopt, Walls::kClamp,
     0.01f},
    {SamplerKind::kAnnealedLangevin, "annealed-langevin", make_annealed_langevin, std::nullopt,
     Walls::kClamp, 0.1f},
    {SamplerKind::kProbabilityFlow, "probability-flow", make_probability_flow, std::nullopt,
     Walls::kClamp, 0.1f},
    {SamplerKind::kAncestral, "ancestral", make_ancestral, std::nullopt, Walls::kClamp, 0.1f},
    {SamplerKind::kRecovery, "recovery", make_recovery, std::nullopt, Walls::kClamp, 0.3f},
};

const SamplerRow& row_of(SamplerKind kind) {
  const auto row = std::ranges::find(kSamplers, kind, &SamplerRow::kind);
  if (row != std::end(kSamplers)) return *row;
  throw Error(ErrorCode::kUsage, "sampler = " + std::to_string(static_cast<int>(kind)) +
                                     ": is no value of SamplerKind");
}

}  // namespace

const std::vector<std::string>& sampler_names() {
  static const std::vector<std::string> kNames = [] {
    std::vector<std::string> all;
    for (const SamplerRow& sampler : kSamplers) all.emplace_back(sampler.name);
    return all;
  }();
  return kNames;
}

const std::string& sampler_name(SamplerKind kind) {
  return sampler_names()[static_cast<std::size_t>(&row_of(kind) - kSamplers)];
}

SamplerKind sampler_kind(const std::string& name, const std::string& option) {
  for (const SamplerRow& sampler : kSamplers) {
    if (name == sampler.name) return sampler.kind;
  }
  const std::string nearest = base::nearest_name(name, sampler_names());
  std::string known;
  for (const std::string& each : sampler_names()) known += (known.empty() ? "" : ", ") + each;
  throw Error(ErrorCode::kUsage, option + " = " + name +
                                     (nearest.empty() ? ": must be one of " + known
                                                      : ": did you mean " + nearest + "?"));
}

bool has_inner(SamplerKind kind) {
  return kind == SamplerKind::kParallelTempering || kind == SamplerKind::kAnnealed;
}

bool has_levels(SamplerKind kind) {
  return kind == SamplerKind::kAnnealedLangevin || kind == SamplerKind::kProbabilityFlow ||
         kind == SamplerKind::kAncestral || kind == SamplerKind::kRecovery;
}

bool has_level_count(SamplerKind kind) {
  return kind == SamplerKind::kAnnealedLangevin || kind == SamplerKind::kRecovery;
}

bool has_temperature(SamplerKind kind) {
  return kind != SamplerKind::kGradientDescent && kind != SamplerKind::kNesterov &&
         kind != SamplerKind::kProbabilityFlow && kind != SamplerKind::kAncestral &&
         kind != SamplerKind::kRecovery;
}

std::unique_ptr<const Kernel> make_kernel(const SamplerSettings& settings) {
  const SamplerRow& sampler = row_of(settings.sampler);
  if (settings.box && sampler.walls == Walls::kNone) {
    throw Error(ErrorCode::kUsage, std::string("box: ") + sampler.name +
                                       " supports no box; use hmc, which reflects at its walls");
  }
  if (settings.box && settings.box_rule) {
    if (sampler.walls == Walls::kReflect && *settings.box_rule == BoxRule::kClamp) {
      refuse_rule(sampler.name, "clamp",
                  "whose target distribution is exact only with reflecting walls");
    }
    if (sampler.walls == Walls::kClamp && *settings.box_rule == BoxRule::kReflect) {
      refuse_rule(sampler.name, "reflect", "which would never converge at a reflecting wall");
    }
  }
  return sampler.make(settings);
}

std::int64_t n_gradients(const SamplerSettings& settings, std::int64_t n_steps) {
  const std::int64_t levels = std::min(n_steps, settings.schedules.n_steps);
  switch (settings.sampler) {
    case SamplerKind::kHmc:
      return n_steps * settings.n_leapfrog;
    case SamplerKind::kNuts:
      return n_steps * ((std::int64_t{1} << settings.max_tree_depth) - 1);
    case SamplerKind::kParallelTempering:
      return n_gradients(inner_settings(settings, SamplerKind::kMala), n_steps);
    case SamplerKind::kAnnealed:
      return n_gradients(inner_settings(settings, SamplerKind::kLangevin), n_steps);
    case SamplerKind::kGradientFlow:
      return n_steps + std::min(n_steps, gradient_flow_options(settings).flow_steps());
    case SamplerKind::kProbabilityFlow:
      return levels + std::min(levels, settings.schedules.n_steps - 1);
    case SamplerKind::kAncestral:
    case SamplerKind::kRecovery:
      return levels;
    default:
      return n_steps;
  }
}

std::optional<double> target_acceptance(SamplerKind kind) { return row_of(kind).target_acceptance; }

float default_step_size(SamplerKind kind) { return row_of(kind).step_size; }

}  // namespace ebm::samplers
