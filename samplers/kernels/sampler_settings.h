#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "samplers/box.h"
#include "samplers/kernel.h"
#include "samplers/kernels/annealed.h"
#include "samplers/kernels/noise_levels.h"

namespace ebm::samplers {

/// The kernels that can be chosen by name.
enum class SamplerKind {
  kLangevin,
  kMala,
  kHmc,
  kNuts,
  kUnderdamped,
  kGradientDescent,
  kNesterov,
  kParallelTempering,
  kAnnealed,
  kGradientFlow,
  kAnnealedLangevin,
  kProbabilityFlow,
  kAncestral,
  kRecovery,
};

/// A kernel and its parameters; each kernel ignores those of the others.
struct SamplerSettings {
  SamplerKind sampler = SamplerKind::kLangevin;
  /// The kernel inside parallel-tempering (unset: mala) or annealed (unset: langevin).
  std::optional<SamplerKind> inner = std::nullopt;
  float step_size = 0.01f;
  float temperature = 1.0f;
  std::optional<float> noise_scale = std::nullopt;        ///< langevin: instead of the temperature
  std::optional<float> clamp_energy_grad = std::nullopt;  ///< langevin
  std::optional<Box> box = std::nullopt;
  /// Unset: reflect where that is exact (mala, hmc) and for underdamped, else clamp.
  std::optional<BoxRule> box_rule = std::nullopt;
  std::vector<float> inverse_mass = {};  ///< also langevin's and mala's preconditioner
  std::int64_t n_leapfrog = 10;          ///< hmc
  double jitter = 0.0;                   ///< hmc
  std::int64_t max_tree_depth = 10;      ///< nuts
  float friction = 1.0f;                 ///< underdamped
  float momentum = 0.9f;                 ///< nesterov
  std::vector<float> ladder = {1.0f, 2.0f, 4.0f, 8.0f};  ///< parallel-tempering
  /// annealed; of samplers that go through levels of noise, and of nesterov with start_sd, the
  /// number of steps
  AnnealedOptions schedules = {};
  NoiseLevels levels = {};      ///< of those that has_levels()
  std::int64_t n_levels = 50;   ///< of those that has_level_count()
  float flow_time = 1.0f;       ///< gradient-flow
  bool flow_sets_time = false;  ///< gradient-flow: GradientFlowOptions::sets_time
  /// Chains from noise start at draws of N(0, start_sd²·I); unset: uniform on the box, or N(0, I).
  std::optional<float> start_sd = std::nullopt;
};

/// The names of all kinds, in the order of the enumeration: langevin, mala, hmc, nuts, underdamped,
/// gradient-descent, nesterov, parallel-tempering, annealed, gradient-flow, annealed-langevin,
/// probability-flow, ancestral, recovery.
const std::vector<std::string>& sampler_names();
const std::string& sampler_name(SamplerKind kind);

/// The kind of that name.
/// @param option  that holds the name, for the message
/// @throws Error(kUsage) for an unknown name, suggesting the nearest.
SamplerKind sampler_kind(const std::string& name, const std::string& option = "sampler");

/// Whether the sampler moves chains by another one, SamplerSettings::inner.
bool has_inner(SamplerKind kind);

/// Whether the sampler goes through levels of noise of an energy E(x, σ).
bool has_levels(SamplerKind kind);

/// Whether that is with some steps at each of SamplerSettings::n_levels levels.
bool has_level_count(SamplerKind kind);

/// Whether the sampler draws from exp(−E/T) at a temperature T; descents to a mode have none.
bool has_temperature(SamplerKind kind);

/// The kernel that the settings describe.
/// @throws Error(kUsage) for a parameter that the kernel refuses, and for walls that it cannot
/// have.
std::unique_ptr<const Kernel> make_kernel(const SamplerSettings& settings);

/// Evaluations of the gradient that the first n_steps steps of a chain take, without that of the
/// start: one a step, but the leapfrog steps of hmc, at most 2^max_tree_depth − 1 for nuts, two for
/// steps of Heun (gradient-flow until its time is over, probability-flow), and none after the last
/// level of noise. Of parallel-tempering those of a replica.
std::int64_t n_gradients(const SamplerSettings& settings, std::int64_t n_steps);

/// The acceptance rate at which the sampler is most efficient, if it has an accept step: 0.574 for
/// mala, 0.8 for hmc and nuts. Source: Roberts & Rosenthal 1998; Stan reference manual.
std::optional<double> target_acceptance(SamplerKind kind);

/// A step size to start with for an energy of order one.
float default_step_size(SamplerKind kind);

}  // namespace ebm::samplers
