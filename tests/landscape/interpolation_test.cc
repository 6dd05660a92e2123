#include "landscape/interpolation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <vector>

#include "landscape/interpolation_text.h"
#include "samplers/energies/function_energy.h"

namespace ebm::landscape {
namespace {

/// A ring valley, E(x) = 50·(|x| − 1)² + 0.5·(1 − cos 2θ): minima of 0 at (±1, 0), saddles of 1 at
/// (0, ±1), 51 at the centre.
samplers::FunctionEnergy ring_valley() {
  return {2, [](std::span<const float> x, std::span<float> energy_grad) {
            const double r = std::max(std::hypot(double{x[0]}, double{x[1]}), 1e-9);
            const double c = x[0] / r, s = x[1] / r;
            const double of_r = 100.0 * (r - 1.0), of_angle = 2.0 * s * c / r;
            energy_grad[0] = static_cast<float>(of_r * c - of_angle * s);
            energy_grad[1] = static_cast<float>(of_r * s + of_angle * c);
            return static_cast<float>(50.0 * (r - 1.0) * (r - 1.0) + s * s);
          }};
}

TEST(InterpolationTest, ThePathGoesAroundWhatTheLineCrosses) {
  const std::vector<float> from{1.0f, 0.0f};
  // A little off the axis, which nothing would push the band away from.
  const std::vector<float> to{std::cos(3.0f), std::sin(3.0f)};
  const auto found =
      interpolate(ring_valley(), from, to, {.n_images = 15, .n_steps = 3000, .step_size = 0.005f});
  EXPECT_NEAR(found.path.barrier(), 1.0, 0.02);
  // The middle of the chord, at a radius of cos 1.5 and an angle of 1.5.
  EXPECT_NEAR(found.line.highest,
              50.0 * std::pow(1.0 - std::cos(1.5), 2) + std::pow(std::sin(1.5), 2), 1e-3);
  ASSERT_EQ(found.path.energies.size(), 17u);
  ASSERT_EQ(found.line.states.size(), 34u);
  for (std::size_t i = 0; i <= 16; ++i) {
    const float share = static_cast<float>(i) / 16.0f;
    EXPECT_NEAR(found.line.states[2 * i], from[0] + share * (to[0] - from[0]), 1e-6f);
  }
  // The arc of 3 radians, as 16 chords, beside a chord of 2·sin(1.5).
  const auto document = interpolation_json(found, 0.5);
  const double arc = 16.0 * 2.0 * std::sin(3.0 / 32.0) / (2.0 * std::sin(1.5));
  EXPECT_NEAR(document["distances"].back().get<double>(), arc, 0.01);
  EXPECT_NEAR(document["line"]["distances"].back().get<double>(), 1.0, 1e-6);
  EXPECT_NEAR(document["line"]["distances"][8].get<double>(), 0.5, 1e-6);
  EXPECT_EQ(document["barrier"].get<float>(), found.path.highest - found.path.energies[0]);
  EXPECT_EQ(document["temperature"], 0.5);
}

TEST(InterpolationTest, TextGivesBarriersInUnitsOfTheTemperature) {
  const Interpolation found{
      .path = {.states = {0, 1, 2}, .energies = {1, 2, 0}, .highest = 2.0f},
      .line = {.states = {0, 0.5f, 2}, .energies = {1, 4, 0}, .highest = 5.0f}};
  EXPECT_EQ(interpolation_text(found, 0.25),
            "state  distance      energy  straight line\n"
            "    0     0.000           1              1\n"
            "    1     0.500           2              4\n"
            "    2     1.000           0              0\n"
            "path: highest energy 2, barrier 1 (4 T)\n"
            "straight line: highest energy 5, barrier 4 (16 T)\n");
  EXPECT_NE(interpolation_text(found, 0.0).find("path: highest energy 2, barrier 1\n"),
            std::string::npos);
}

}  // namespace
}  // namespace ebm::landscape
