#include <gtest/gtest.h>
#include <hwy/highway.h>
#include <hwy/targets.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "tests/samplers/energies/energy_cases.h"
#include "tests/samplers/evaluate_rows.h"

namespace ebm::samplers {
namespace {

class EveryEnergyTest : public testing::TestWithParam<EnergyCase> {
 protected:
  const Energy& energy() const { return *GetParam().energy; }
  std::size_t dim() const { return static_cast<std::size_t>(energy().dim()); }
};

TEST_P(EveryEnergyTest, EqualsItsFormula) {
  const std::vector<float> rows = GetParam().points();
  const RowValues values = evaluate_rows(energy(), rows);
  for (std::size_t n = 0; n < values.energy.size(); ++n) {
    const Point x(rows.begin() + static_cast<std::ptrdiff_t>(n * dim()),
                  rows.begin() + static_cast<std::ptrdiff_t>((n + 1) * dim()));
    const double right = GetParam().formula(x);
    EXPECT_NEAR(values.energy[n], right, 5e-6 * (3 + std::abs(right))) << "point " << n;
  }
}

TEST_P(EveryEnergyTest, HasTheGradientOfItsFormula) {
  const std::vector<float> rows = GetParam().points();
  const RowValues values = evaluate_rows(energy(), rows);
  for (std::size_t n = 0; n < values.energy.size(); ++n) {
    Point x(rows.begin() + static_cast<std::ptrdiff_t>(n * dim()),
            rows.begin() + static_cast<std::ptrdiff_t>((n + 1) * dim()));
    Point right(dim());
    double steepest = 0;
    for (std::size_t d = 0; d < dim(); ++d) {
      // Central differences of fourth order: their error is far below that of floats.
      const double at = x[d], h = 1e-4;
      const auto shifted = [&](double by) {
        x[d] = at + by;
        return GetParam().formula(x);
      };
      right[d] = (8 * (shifted(h) - shifted(-h)) - (shifted(2 * h) - shifted(-2 * h))) / (12 * h);
      x[d] = at;
      steepest = std::max(steepest, std::abs(right[d]));
    }
    for (std::size_t d = 0; d < dim(); ++d) {
      EXPECT_NEAR(values.energy_grad[n * dim() + d], right[d], 2e-5 * (1 + steepest))
          << "point " << n << ", coordinate " << d;
    }
  }
}

TEST_P(EveryEnergyTest, EverySimdTargetAgrees) {
  const std::vector<float> rows = GetParam().points();
  const std::int64_t targets = hwy::SupportedTargets() & HWY_TARGETS;
  std::vector<RowValues> all;
  for (std::int64_t rest = targets; rest != 0; rest &= rest - 1) {
    hwy::SetSupportedTargetsForTest(rest & -rest);
    all.push_back(evaluate_rows(energy(), rows));
  }
  hwy::SetSupportedTargetsForTest(0);
  for (std::size_t target = 1; target < all.size(); ++target) {
    for (std::size_t i = 0; i < all[0].energy.size(); ++i) {
      const float right = all[0].energy[i];
      EXPECT_NEAR(all[target].energy[i], right, 1e-5f * (1 + std::abs(right)));
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
      // Relative to the gradient of its chain, in which a small coordinate may be a difference.
      float steepest = 0;
      for (std::size_t d = 0; d < dim(); ++d) {
        steepest = std::max(steepest, std::abs(all[0].energy_grad[i / dim() * dim() + d]));
      }
      EXPECT_NEAR(all[target].energy_grad[i], all[0].energy_grad[i], 1e-5f * (1 + steepest));
    }
  }
}

TEST_P(EveryEnergyTest, PassesNonFiniteStatesOnAndKeepsThemFromOtherChains) {
  const std::vector<float> rows = GetParam().points();
  const RowValues before = evaluate_rows(energy(), rows);
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  for (const float bad : {std::nanf(""), kInfinity, -kInfinity}) {
    for (std::size_t d = 0; d < dim(); ++d) {
      std::vector<float> spoilt = rows;
      spoilt[5 * dim() + d] = bad;
      const RowValues after = evaluate_rows(energy(), spoilt);
      bool is_finite = std::isfinite(after.energy[5]);
      for (std::size_t e = 0; e < dim(); ++e) {
        is_finite = is_finite && std::isfinite(after.energy_grad[5 * dim() + e]);
      }
      EXPECT_FALSE(is_finite) << bad << " in coordinate " << d;
      for (std::size_t n = 0; n < before.energy.size(); ++n) {
        if (n != 5) {
          EXPECT_EQ(after.energy[n], before.energy[n]) << n;
        }
      }
      for (std::size_t i = 0; i < rows.size(); ++i) {
        if (i / dim() != 5) {
          EXPECT_EQ(after.energy_grad[i], before.energy_grad[i]) << i;
        }
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(, EveryEnergyTest, testing::ValuesIn(energy_cases()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace ebm::samplers
