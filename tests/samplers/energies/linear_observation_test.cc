#include "samplers/energies/linear_observation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <vector>

#include "samplers/energies/gaussian.h"
#include "samplers/energies/held_entries.h"
#include "samplers/run_chains.h"
#include "tests/samplers/message_of.h"
#include "tests/samplers/on_every_target.h"
#include "tests/samplers/operators/operator_cases.h"

namespace ebm::samplers {
namespace {

constexpr std::int64_t kChains = 37;  // two full blocks and a ragged one

std::vector<float> numbers(std::int64_t n, double phase) {
  std::vector<float> values;
  for (std::int64_t i = 0; i < n; ++i) {
    values.push_back(static_cast<float>(std::sin(phase + 0.9 * static_cast<double>(i * i % 1013))));
  }
  return values;
}

class LinearObservationTest : public testing::TestWithParam<OperatorCase> {};

TEST_P(LinearObservationTest, HasEnergyAndGradientOfItsFormulaWithAnObservationForEachChain) {
  const LinearOperator& a = *GetParam().a;
  const std::int64_t dim = a.dim(), m = a.output_dim();
  constexpr float kSd = 0.3f;
  const LinearObservation energy(GetParam().a, kSd);
  const std::vector<float> x = numbers(kChains * dim, 0.2), y = numbers(kChains * m, 1.1);
  on_every_target([&] {
    ChainStore chains(kChains, dim, m);
    chains.load_rows(x);
    chains.load_context(y);
    evaluate_chains(energy, chains, 2);
    std::vector<float> found(kChains), grad(static_cast<std::size_t>(kChains * dim));
    chains.store_energy(found);
    chains.store_energy_grad(grad);
    for (std::int64_t n = 0; n < kChains; ++n) {
      double right = 0, steepest = 0;
      std::vector<double> slope(static_cast<std::size_t>(dim));
      for (std::int64_t i = 0; i < m; ++i) {
        double off = -double{y[static_cast<std::size_t>(n * m + i)]};
        for (std::int64_t d = 0; d < dim; ++d) {
          off += GetParam().weight(i, d) * double{x[static_cast<std::size_t>(n * dim + d)]};
        }
        right += off * off / (2 * double{kSd} * kSd);
        for (std::int64_t d = 0; d < dim; ++d) {
          slope[static_cast<std::size_t>(d)] += GetParam().weight(i, d) * off / (double{kSd} * kSd);
        }
      }
      for (const double each : slope) steepest = std::max(steepest, std::abs(each));
      EXPECT_NEAR(found[static_cast<std::size_t>(n)], right, 1e-5 * (1 + right)) << "chain " << n;
      for (std::int64_t d = 0; d < dim; ++d) {
        EXPECT_NEAR(grad[static_cast<std::size_t>(n * dim + d)], slope[static_cast<std::size_t>(d)],
                    1e-5 * (1 + steepest))
            << "chain " << n << ", coordinate " << d;
      }
    }
  });
}

INSTANTIATE_TEST_SUITE_P(, LinearObservationTest, testing::ValuesIn(operator_cases()),
                         [](const auto& info) { return info.param.name; });

TEST(LinearObservationOptionsTest, RefuseAStandardDeviationOfZero) {
  message_of(ErrorCode::kUsage, [] { LinearObservation(operator_cases().front().a, 1e-20f); });
  message_of(ErrorCode::kUsage, [] { LinearObservation(operator_cases().front().a, 0.0f); });
}

std::shared_ptr<const Gaussian> prior_of_three() {
  const std::vector<double> precision{3, 0.5, -0.25, 0.5, 2, 1, -0.25, 1, 1.5};
  return std::make_shared<Gaussian>(Gaussian::with_precision({0.5f, -1.0f, 0.25f}, precision));
}

TEST(HeldEntriesTest, IsTheEnergyOfTheWholeStateWithTheGradientOfItsFreeEntries) {
  const auto whole = prior_of_three();
  const HeldEntries part(whole, {0, 1, 0});
  ASSERT_EQ(part.dim(), 2);
  ASSERT_EQ(part.context_dim(), 1);
  const std::vector<float> free = numbers(kChains * 2, 0.4), held = numbers(kChains, 2.2);
  const std::vector<float> rows = part.full_rows(free, held);
  EXPECT_EQ(part.free_rows(rows), free);
  ChainStore all(kChains, 3), some(kChains, 2, 1);
  all.load_rows(rows);
  some.load_rows(free);
  some.load_context(held);
  evaluate_chains(*whole, all, 1);
  evaluate_chains(part, some, 2);
  std::vector<float> energy(kChains), right(kChains), grad(2 * kChains), right_grad(3 * kChains);
  all.store_energy(right);
  some.store_energy(energy);
  all.store_energy_grad(right_grad);
  some.store_energy_grad(grad);
  EXPECT_EQ(energy, right);
  EXPECT_EQ(grad, part.free_rows(right_grad));
  EXPECT_EQ(rows[1], held[0]);
}

TEST(HeldEntriesTest, RefusesFlagsThatDoNotFit) {
  message_of(ErrorCode::kShape, [] { HeldEntries(prior_of_three(), {0, 1}); });
  EXPECT_TRUE(contains(message_of(ErrorCode::kUsage,
                                  [] {
                                    HeldEntries(prior_of_three(), {1, 1, 1});
                                  }),
                       "every entry is held"));
  EXPECT_TRUE(contains(message_of(ErrorCode::kUsage,
                                  [] {
                                    HeldEntries(prior_of_three(), {0, 0, 0});
                                  }),
                       "no entry is held"));
}

}  // namespace
}  // namespace ebm::samplers
