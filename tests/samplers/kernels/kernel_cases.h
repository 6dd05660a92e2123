#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "samplers/kernels/annealed.h"
#include "samplers/kernels/gradient_descent.h"
#include "samplers/kernels/gradient_flow.h"
#include "samplers/kernels/hmc.h"
#include "samplers/kernels/langevin.h"
#include "samplers/kernels/mala.h"
#include "samplers/kernels/nesterov.h"
#include "samplers/kernels/nuts.h"
#include "samplers/kernels/parallel_tempering.h"
#include "samplers/kernels/underdamped.h"

namespace ebm::samplers {

using KernelPointer = std::unique_ptr<const Kernel>;

/// A kernel that has to keep what samplers/kernel.h promises for all of them.
struct KernelCase {
  const char* name;
  KernelPointer (*make)(std::int64_t dim, float step_size);
  bool is_metropolis = false;
  bool keeps_momentum = false;
  bool has_noise = true;
  /// A step ends with the energy of the state it leads to, marked so. Others move once they have
  /// evaluated, and clear the mark.
  bool ends_evaluated = true;
  bool has_diagonal = false;  ///< an option with one entry a coordinate
  bool has_one_proposal =
      true;            ///< a Metropolis step accepts or rejects one, rather than draws from many
  bool swaps = false;  ///< states go from chain to chain
};

inline void PrintTo(const KernelCase& kernel, std::ostream* out) {  // NOLINT: GoogleTest's name
  *out << kernel.name;
}
inline std::string name_of_case(const testing::TestParamInfo<KernelCase>& info) {
  return info.param.name;
}

template <class K, class Options>
KernelPointer kernel_of(Options options) {
  return std::make_unique<const K>(std::move(options));
}

/// A diagonal whose entries differ, so that one taken for another is seen.
inline std::vector<float> uneven(std::int64_t dim) {
  std::vector<float> diagonal(static_cast<std::size_t>(dim));
  for (std::size_t d = 0; d < diagonal.size(); ++d) {
    diagonal[d] = 0.5f + 0.25f * static_cast<float>(d % 5);
  }
  return diagonal;
}

/// `make` with a temperature that falls from 1 to 0.5 in five steps.
inline KernelPointer annealed(Annealed::MakeKernel make, float step_size) {
  return std::make_unique<const Annealed>(
      std::move(make),
      AnnealedOptions{.n_steps = 5,
                      .temperature = {Schedule::Shape::kGeometric, 1.0, 0.5},
                      .step_size = {Schedule::Shape::kCosine, step_size, 0.5 * step_size}});
}

/// Two replicas of `inner`, the hotter one not by much.
inline KernelPointer tempered(std::shared_ptr<const Kernel> inner) {
  return std::make_unique<const ParallelTempering>(
      std::move(inner), ParallelTemperingOptions{.ladder = {1.0f, 1.2f}});
}

inline LangevinOptions langevin_at(float step_size, float temperature) {
  return {.step_size = step_size, .noise_scale = noise_scale_of(step_size, temperature)};
}

// clang-format off: one kernel a paragraph.
inline std::vector<KernelCase> kernel_cases() {
  return {
      {.name = "Langevin",
       .make = [](std::int64_t, float h) { return kernel_of<Langevin>(langevin_at(h, 1.0f)); },
       .ends_evaluated = false},
      {.name = "LangevinWithPreconditioner",
       .make =
           [](std::int64_t dim, float h) {
             LangevinOptions options = langevin_at(h, 1.0f);
             options.preconditioner = uneven(dim);
             return kernel_of<Langevin>(options);
           },
       .ends_evaluated = false,
       .has_diagonal = true},
      {.name = "LangevinBetweenWalls",
       .make =
           [](std::int64_t, float h) {
             LangevinOptions options = langevin_at(h, 1.0f);
             options.box = Box{-4.0f, 4.0f};
             options.box_rule = BoxRule::kReflect;
             return kernel_of<Langevin>(options);
           },
       .ends_evaluated = false},
      {.name = "GradientDescent",
       .make =
           [](std::int64_t, float h) {
             return kernel_of<GradientDescent>(GradientDescentOptions{.step_size = h});
           },
       .has_noise = false,
       .ends_evaluated = false},
      {.name = "GradientFlow",
       .make =
           [](std::int64_t, float h) {
             return kernel_of<GradientFlow>(GradientFlowOptions{
                 .step_size = h, .flow_time = 3.5f * h, .noise_scale = noise_scale_of(h, 1.0f)});
           },
       .keeps_momentum = true,
       .ends_evaluated = false},
      {.name = "Nesterov",
       .make = [](std::int64_t,
                  float h) { return kernel_of<Nesterov>(NesterovOptions{.step_size = h}); },
       .keeps_momentum = true,
       .has_noise = false,
       .ends_evaluated = false},
      {.name = "NesterovWithRestart",
       .make =
           [](std::int64_t, float h) {
             return kernel_of<Nesterov>(
                 NesterovOptions{.step_size = h, .momentum = 0.99f, .restart = true});
           },
       .keeps_momentum = true,
       .has_noise = false,
       .ends_evaluated = false},
      {.name = "Mala",
       .make = [](std::int64_t, float h) { return kernel_of<Mala>(MalaOptions{.step_size = h}); },
       .is_metropolis = true},
      {.name = "MalaWithPreconditioner",
       .make =
           [](std::int64_t dim, float h) {
             return kernel_of<Mala>(MalaOptions{.step_size = h, .preconditioner = uneven(dim)});
           },
       .is_metropolis = true,
       .has_diagonal = true},
      {.name = "Hmc",
       .make = [](std::int64_t,
                  float h) { return kernel_of<Hmc>(HmcOptions{.step_size = h, .n_leapfrog = 3}); },
       .is_metropolis = true},
      {.name = "HmcWithEverything",
       .make =
           [](std::int64_t dim, float h) {
             return kernel_of<Hmc>(HmcOptions{.step_size = h,
                                              .n_leapfrog = 4,
                                              .jitter = 0.5,
                                              .temperature = 0.8f,
                                              .inverse_mass = uneven(dim),
                                              .box = Box{-4.0f, 4.0f}});
           },
       .is_metropolis = true,
       .has_diagonal = true},
      {.name = "Underdamped",
       .make = [](std::int64_t,
                  float h) { return kernel_of<Underdamped>(UnderdampedOptions{.step_size = h}); },
       .keeps_momentum = true},
      {.name = "UnderdampedWithMass",
       .make =
           [](std::int64_t dim, float h) {
             return kernel_of<Underdamped>(
                 UnderdampedOptions{.step_size = h, .inverse_mass = uneven(dim)});
           },
       .keeps_momentum = true,
       .has_diagonal = true},
      {.name = "Nuts",
       .make = [](std::int64_t, float h) { return kernel_of<Nuts>(NutsOptions{.step_size = h}); },
       .is_metropolis = true,
       .has_one_proposal = false},
      {.name = "NutsWithMass",
       .make =
           [](std::int64_t dim, float h) {
             return kernel_of<Nuts>(NutsOptions{.step_size = h,
                                                .max_tree_depth = 4,
                                                .temperature = 0.8f,
                                                .inverse_mass = uneven(dim)});
           },
       .is_metropolis = true,
       .has_diagonal = true,
       .has_one_proposal = false},
      {.name = "TemperedMala",
       .make =
           [](std::int64_t, float h) {
             return tempered(std::make_shared<const Mala>(MalaOptions{.step_size = h}));
           },
       .is_metropolis = true,
       .swaps = true},
      {.name = "TemperedNuts",
       .make =
           [](std::int64_t, float h) {
             return tempered(std::make_shared<const Nuts>(NutsOptions{.step_size = h}));
           },
       .is_metropolis = true,
       .has_one_proposal = false,
       .swaps = true},
      {.name = "TemperedLangevin",
       .make =
           [](std::int64_t, float h) {
             return tempered(std::make_shared<const Langevin>(langevin_at(h, 1.0f)));
           },
       .swaps = true},
      {.name = "TemperedUnderdamped",
       .make =
           [](std::int64_t, float h) {
             return tempered(
                 std::make_shared<const Underdamped>(UnderdampedOptions{.step_size = h}));
           },
       .keeps_momentum = true,
       .swaps = true},
      {.name = "AnnealedLangevin",
       .make =
           [](std::int64_t, float h) {
             return annealed(
                 [](float step_size, float temperature) {
                   return kernel_of<Langevin>(langevin_at(step_size, temperature));
                 },
                 h);
           },
       .ends_evaluated = false},
      {.name = "AnnealedMala",
       .make =
           [](std::int64_t, float h) {
             return annealed(
                 [](float step_size, float temperature) {
                   return kernel_of<Mala>(
                       MalaOptions{.step_size = step_size, .temperature = temperature});
                 },
                 h);
           },
       .is_metropolis = true},
      {.name = "AnnealedHmc",
       .make =
           [](std::int64_t, float h) {
             return annealed(
                 [](float step_size, float temperature) {
                   return kernel_of<Hmc>(HmcOptions{
                       .step_size = step_size, .n_leapfrog = 3, .temperature = temperature});
                 },
                 h);
           },
       .is_metropolis = true},
      {.name = "AnnealedUnderdamped",
       .make =
           [](std::int64_t, float h) {
             return annealed(
                 [](float step_size, float temperature) {
                   return kernel_of<Underdamped>(
                       UnderdampedOptions{.step_size = step_size, .temperature = temperature});
                 },
                 h);
           },
       .keeps_momentum = true},
  };
}
// clang-format on

}  // namespace ebm::samplers
