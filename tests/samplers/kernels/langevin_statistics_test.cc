#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include "base/error.h"
#include "samplers/energies/double_well.h"
#include "samplers/kernels/langevin.h"
#include "samplers/run_chains.h"
#include "tests/samplers/coordinate_energy.h"

namespace ebm::samplers {
namespace {

TEST(LangevinTest, StationaryVarianceIsThatOfTheDiscreteChain) {
  // 1/(k(1 − step_size·k/2)) = 1.0526316: a factor √2 or 2 wrong in noise or step is far outside.
  const std::int64_t n = 20000;
  const auto rows = walk(quadratic(2, 1.0f),
                         {.step_size = 0.1f, .noise_scale = noise_scale_of(0.1f, 1.0f)}, n, 200);
  double m2 = 0;
  for (const float x : rows) m2 += static_cast<double>(x) * x;
  const double draws = static_cast<double>(rows.size());
  // Independent Gaussian draws: the standard error of the variance v is v·√(2/draws).
  EXPECT_NEAR(m2 / draws, 1.0526316, 5 * 1.0526316 * std::sqrt(2 / draws));
}

TEST(LangevinTest, TemperatureOfAChainScalesItsVariance) {
  const CoordinateEnergy energy = quadratic(64, 1.0f);
  ChainStore chains(640, 64);
  std::vector<float> temperature(640);
  for (std::size_t i = 0; i < 640; ++i) temperature[i] = i % 2 == 0 ? 1.0f : 0.25f;
  chains.set_temperature(temperature);
  run_chains(energy, Langevin({.step_size = 0.1f, .noise_scale = noise_scale_of(0.1f, 1.0f)}),
             chains, {.n_steps = 150, .key = {.seed = 2}});
  std::vector<float> rows(640 * 64);
  chains.store_rows(rows);
  double m2[2] = {};
  for (std::size_t i = 0; i < rows.size(); ++i) m2[i / 64 % 2] += double{rows[i]} * rows[i] / 20480;
  const double se = std::sqrt(2.0 / 20480);
  EXPECT_NEAR(m2[0], 1.0526316, 5 * 1.0526316 * se);
  EXPECT_NEAR(m2[1], 0.25 * 1.0526316, 5 * 0.25 * 1.0526316 * se);
}

}  // namespace
}  // namespace ebm::samplers
