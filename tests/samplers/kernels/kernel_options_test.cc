#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

#include "base/error.h"
#include "tests/samplers/kernels/kernel_cases.h"
#include "tests/samplers/message_of.h"

namespace ebm::samplers {
namespace {

/// The option that the refusal names is `name`.
template <class K, class Options>
void expect_refusal(const char* name, const Options& options) {
  const std::string message = message_of(ErrorCode::kUsage, [&] { const K kernel(options); });
  EXPECT_EQ(message.rfind(std::string(name) + " = ", 0), 0u) << message << ", not " << name;
}

TEST(KernelOptionsTest, AreRefusedByName) {
  for (const float bad : {0.0f, -1.0f, NAN, INFINITY}) {
    expect_refusal<Langevin>("step_size", LangevinOptions{.step_size = bad});
    expect_refusal<Langevin>("preconditioner", LangevinOptions{.preconditioner = {1.0f, bad}});
    expect_refusal<Langevin>("clamp_energy_grad", LangevinOptions{.clamp_energy_grad = bad});
    expect_refusal<GradientDescent>("step_size", GradientDescentOptions{.step_size = bad});
    expect_refusal<Nesterov>("step_size", NesterovOptions{.step_size = bad});
    expect_refusal<Mala>("step_size", MalaOptions{.step_size = bad});
    expect_refusal<Mala>("temperature", MalaOptions{.temperature = bad});
    expect_refusal<Mala>("preconditioner", MalaOptions{.preconditioner = {bad}});
    expect_refusal<Hmc>("step_size", HmcOptions{.step_size = bad});
    expect_refusal<Hmc>("temperature", HmcOptions{.temperature = bad});
    expect_refusal<Hmc>("inverse_mass", HmcOptions{.inverse_mass = {2.0f, bad}});
    expect_refusal<Hmc>("max_energy_error", HmcOptions{.max_energy_error = bad});
    expect_refusal<Underdamped>("step_size", UnderdampedOptions{.step_size = bad});
    expect_refusal<Underdamped>("inverse_mass", UnderdampedOptions{.inverse_mass = {bad}});
  }
  for (const float bad : {-1.0f, NAN, INFINITY}) {
    expect_refusal<Langevin>("noise_scale", LangevinOptions{.noise_scale = bad});
    expect_refusal<Nesterov>("momentum", NesterovOptions{.momentum = bad});
    expect_refusal<Underdamped>("friction", UnderdampedOptions{.friction = bad});
    expect_refusal<Underdamped>("temperature", UnderdampedOptions{.temperature = bad});
  }
  for (const double bad : {-0.1, 1.1, std::nan("")}) {
    expect_refusal<Hmc>("jitter", HmcOptions{.jitter = bad});
  }
  expect_refusal<Nesterov>("momentum", NesterovOptions{.momentum = 1.0f});
  expect_refusal<Hmc>("n_leapfrog", HmcOptions{.n_leapfrog = 0});
}

TEST(KernelOptionsTest, BoxesNeedTheirEndsInOrder) {
  for (const Box bad : {Box{1.0f, -1.0f}, Box{1.0f, 1.0f}, Box{NAN, 1.0f}, Box{0.0f, NAN}}) {
    expect_refusal<Langevin>("box", LangevinOptions{.box = bad});
    expect_refusal<GradientDescent>("box", GradientDescentOptions{.box = bad});
    expect_refusal<Nesterov>("box", NesterovOptions{.box = bad});
    expect_refusal<Mala>("box", MalaOptions{.box = bad});
    expect_refusal<Hmc>("box", HmcOptions{.box = bad});
    expect_refusal<Underdamped>("box", UnderdampedOptions{.box = bad});
  }
}

TEST(KernelOptionsTest, AnnealedRefusesBadSchedules) {
  const Annealed::MakeKernel make = [](float step_size, float temperature) {
    return kernel_of<Langevin>(langevin_at(step_size, temperature));
  };
  const auto refusal = [&](const AnnealedOptions& options) {
    return message_of(ErrorCode::kUsage, [&] { const Annealed kernel(make, options); });
  };
  EXPECT_TRUE(contains(refusal({.n_steps = 0}), "n_steps = 0"));
  EXPECT_TRUE(contains(refusal({.temperature = {.start = 0.0}}), "temperature = 0"));
  EXPECT_TRUE(
      contains(refusal({.step_size = {Schedule::Shape::kCosine, 1.0, -1.0}}), "step_size = -1"));
  EXPECT_TRUE(
      contains(refusal({.step_size = {Schedule::Shape::kGeometric, 1.0, NAN}}), "step_size = nan"));
}

}  // namespace
}  // namespace ebm::samplers
