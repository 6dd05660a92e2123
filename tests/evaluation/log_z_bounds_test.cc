// log Z and bits per dimension of a density that is known: independent coordinates with E = b·x on
// [−1, 1], so that with a = b/T
//   log Z = ln((eᵃ − e⁻ᵃ)/a),  E[x] = 1/a − coth a,  entropy = log Z + a·E[x].
#include "evaluation/log_z_bounds.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "base/random.h"
#include "data/bits_per_dim.h"
#include "samplers/energies/function_energy.h"
#include "tests/nets/expect_error.h"

namespace ebm::evaluation {
namespace {

constexpr std::int64_t kDim = 8;
constexpr double kTemperature = 0.25;

double slope(std::size_t i) { return 0.5 * (static_cast<double>(i) - 2.0) + 0.1; }

std::shared_ptr<const samplers::Energy> sloping_energy() {
  return std::make_shared<samplers::FunctionEnergy>(
      kDim, [](std::span<const float> x, std::span<float> grad) {
        float energy = 0.0f;
        for (std::size_t i = 0; i < x.size(); ++i) {
          grad[i] = static_cast<float>(slope(i));
          energy += grad[i] * x[i];
        }
        return energy;
      });
}

double exact_log_z() {
  double log_z = 0.0;
  for (std::size_t i = 0; i < kDim; ++i) {
    const double a = slope(i) / kTemperature;
    log_z += std::log(2.0 * std::sinh(a) / a);
  }
  return log_z;
}

/// E[E/T].
double exact_mean_energy() {
  double sum = 0.0;
  for (std::size_t i = 0; i < kDim; ++i) {
    const double a = slope(i) / kTemperature;
    sum += a * (1.0 / a - 1.0 / std::tanh(a));
  }
  return sum;
}

/// Exact draws by the inverse of the distribution function.
std::vector<float> draws(std::int64_t n) {
  std::vector<float> rows;
  for (std::int64_t k = 0; k < n; ++k) {
    base::RandomStream stream({.seed = 3, .domain = base::Domain::kToyData},
                              static_cast<std::uint64_t>(k));
    for (std::size_t i = 0; i < kDim; ++i) {
      const double a = slope(i) / kTemperature, u = stream.next_uniform();
      rows.push_back(
          static_cast<float>(-std::log(std::exp(a) - u * (std::exp(a) - std::exp(-a))) / a));
    }
  }
  return rows;
}

LogZBoundsOptions bounds_options() {
  return {.temperature = kTemperature, .n_temperatures = 1000, .box = samplers::Box{-1.0f, 1.0f}};
}

TEST(BitsPerDimTest, TheUniformDensityHasEight) {
  EXPECT_DOUBLE_EQ(data::bits_per_dim(0.0, 5 * std::numbers::ln2, 5), 8.0);
  // Half of the box, twice as dense; and a constant energy changes nothing.
  EXPECT_DOUBLE_EQ(data::bits_per_dim(0.0, 0.0, 5), 7.0);
  EXPECT_DOUBLE_EQ(data::bits_per_dim(3.0, 5 * std::numbers::ln2 - 3.0, 5), 8.0);
}

TEST(LogZBoundsTest, MeetsAKnownDensityFromBothSides) {
  const LogZBounds found =
      bound_log_z(sloping_energy(), draws(4000), {"exact draws", draws(64)}, bounds_options());
  const samplers::LogZEstimate& forward = found.estimates.forward;
  const samplers::LogZEstimate& reverse = *found.estimates.reverse;
  // 4 of their own standard errors, which are small enough that a factor is seen.
  for (const auto* estimate : {&forward, &reverse}) {
    EXPECT_EQ(estimate->n_chains, LogZBoundsOptions::kChains);
    EXPECT_LT(estimate->se, 0.1);
    EXPECT_NEAR(estimate->log_z, exact_log_z(), 4 * estimate->se);
  }
  // 4000 draws: the sd of E/T is below 1 a coordinate, that of the mean of all below 0.045.
  EXPECT_NEAR(*found.mean_energy, exact_mean_energy(), 0.18);
  // The entropy in bits, less 7 for bins of 1/128 each.
  const double exact = (exact_mean_energy() + exact_log_z()) / (kDim * std::numbers::ln2) + 7.0;
  const double nats_of_bit = kDim * std::numbers::ln2;
  EXPECT_NEAR(*found.bits_per_dim(forward), exact, (0.18 + 4 * forward.se) / nats_of_bit);
  EXPECT_NEAR(*found.bits_per_dim(reverse), exact, (0.18 + 4 * reverse.se) / nats_of_bit);
  EXPECT_EQ(found.temperature, kTemperature);
  EXPECT_EQ(found.reverse_from, "exact draws");
  EXPECT_DOUBLE_EQ(*found.estimates.gap(), reverse.log_z - forward.log_z);
}

TEST(LogZBoundsTest, FloatsHaveNoBits) {
  const LogZBounds found =
      bound_log_z(sloping_energy(), {}, {"exact draws", draws(8)}, bounds_options());
  EXPECT_FALSE(found.mean_energy);
  EXPECT_EQ(found.estimates.reverse->n_chains, 8);
  EXPECT_FALSE(found.bits_per_dim(found.estimates.forward));
  EXPECT_FALSE(found.bits_per_dim(*found.estimates.reverse));
}

TEST(LogZBoundsTest, RefusesTestImagesWithoutAnEnergy) {
  std::vector<float> rows(2 * kDim, 0.0f);
  rows.back() = std::nanf("");
  nets::expect_error(ErrorCode::kDiverged, "the energy of item 1 of dequantised test images", [&] {
    bound_log_z(sloping_energy(), rows, {"exact draws", draws(1)}, bounds_options());
  });
}

}  // namespace
}  // namespace ebm::evaluation
