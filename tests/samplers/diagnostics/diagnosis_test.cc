#include "samplers/diagnostics/diagnosis.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/random.h"
#include "samplers/diagnostics/autocorrelation.h"
#include "samplers/diagnostics/effective_sample_size.h"
#include "samplers/diagnostics/monte_carlo_error.h"
#include "samplers/diagnostics/rhat.h"
#include "tests/samplers/diagnostics/draws_of_tests.h"

namespace ebm::samplers {
namespace {

constexpr std::int64_t kDiagnosedDraws = 500, kDiagnosedChains = 4, kDiagnosedDim = 3;

// Independent normals in every coordinate; energies |x|²/2.
class DiagnosisTest : public testing::Test {
 protected:
  DiagnosisTest() {
    base::RandomStream random({.seed = 31}, 0);
    for (std::int64_t i = 0; i < kDiagnosedDraws * kDiagnosedChains; ++i) {
      float energy = 0.0f;
      for (std::int64_t d = 0; d < kDiagnosedDim; ++d) {
        x_.push_back(static_cast<float>(random.next_normal()));
        energy += 0.5f * x_.back() * x_.back();
      }
      energy_.push_back(energy);
    }
  }

  float& x(std::int64_t draw, std::int64_t chain, std::int64_t d) {
    return x_[static_cast<std::size_t>((draw * kDiagnosedChains + chain) * kDiagnosedDim + d)];
  }
  Trace trace() const {
    return {.n_draws = kDiagnosedDraws,
            .n_chains = kDiagnosedChains,
            .dim = kDiagnosedDim,
            .x = x_,
            .energy = energy_,
            .total_energy = energy_,
            .acceptance = acceptance_,
            .n_divergent = n_divergent_,
            .seconds = 2.0};
  }
  // The warnings that begin with or hold `text`, and none other.
  void expect_only_warning(const std::string& text) const {
    const auto warnings = diagnose(trace()).warnings;
    ASSERT_EQ(warnings.size(), 1u) << testing::PrintToString(warnings);
    EXPECT_NE(warnings[0].find(text), std::string::npos) << warnings[0];
    EXPECT_EQ(warnings[0].find('\n'), std::string::npos);
  }

  std::vector<float> x_;
  std::vector<float> energy_;
  std::vector<double> acceptance_ = {0.7, 0.6, 0.65, 0.66};
  std::vector<std::int64_t> n_divergent_ = {0, 0, 0, 0};
};

TEST_F(DiagnosisTest, RowsAndWarningsHaveTheNamesOfTheTrace) {
  for (std::int64_t draw = 0; draw < kDiagnosedDraws; ++draw) x(draw, 2, 1) += 10.0f;
  Trace named = trace();
  named.names = {"mu", "tau", "theta[1]"};
  const Diagnosis diagnosis = diagnose(named);
  EXPECT_EQ(diagnosis.rows[1].name, "mu");
  EXPECT_EQ(diagnosis.rows[3].name, "theta[1]");
  ASSERT_FALSE(diagnosis.warnings.empty());
  EXPECT_NE(diagnosis.warnings[0].find(" of tau: "), std::string::npos) << diagnosis.warnings[0];
  named.names.pop_back();
  EXPECT_THROW(diagnose(named), Error);
}

TEST_F(DiagnosisTest, IndependentDrawsGiveNoWarning) {
  const Diagnosis diagnosis = diagnose(trace());
  EXPECT_TRUE(diagnosis.warnings.empty()) << testing::PrintToString(diagnosis.warnings);
  ASSERT_EQ(diagnosis.rows.size(), 4u);
  EXPECT_EQ(diagnosis.rows[0].name, "energy");
  EXPECT_EQ(diagnosis.rows[1].name, "x[0]");
  EXPECT_EQ(diagnosis.rows[3].name, "x[2]");
  EXPECT_NEAR(*diagnosis.mean_acceptance(), 0.6525, 1e-12);
  EXPECT_EQ(diagnosis.total_divergent(), 0);
  // Of independent energies it is 2.
  EXPECT_NEAR(*diagnosis.least_e_bfmi(), 2.0, 0.3);
}

TEST_F(DiagnosisTest, RowsAreTheFreeFunctionsOfEachCoordinate) {
  const Diagnosis diagnosis = diagnose(trace());
  Draws draws{{}, kDiagnosedDraws, kDiagnosedChains};
  for (std::int64_t c = 0; c < kDiagnosedChains; ++c) {
    for (std::int64_t i = 0; i < kDiagnosedDraws; ++i) draws.values.push_back(x(i, c, 1));
  }
  const ScalarSummary& row = diagnosis.rows[2];
  EXPECT_EQ(row.ess_bulk, ess_bulk(draws.view()));
  EXPECT_EQ(row.ess_tail, ess_tail(draws.view()));
  EXPECT_EQ(row.rhat, rank_normalized_rhat(draws.view()));
  EXPECT_EQ(row.lag1, lag1_autocorrelation(draws.view()));
  EXPECT_DOUBLE_EQ(row.mcse_mean, mcse_mean(draws.view()));
  EXPECT_EQ(row.ess_bulk_per_s, row.ess_bulk / 2.0);
  // N(0, 1): five standard errors of 2000 independent draws; that of a quantile is
  // √(p(1−p)/S)/density.
  EXPECT_NEAR(row.mean, 0.0, 5 * 0.0224);
  EXPECT_NEAR(row.sd, 1.0, 5 * 0.0159);
  EXPECT_NEAR(row.q5, -1.645, 5 * 0.0473);
  EXPECT_NEAR(row.q50, 0.0, 5 * 0.0281);
  EXPECT_NEAR(row.q95, 1.645, 5 * 0.0473);
}

TEST_F(DiagnosisTest, DoesNotDependOnTheNumberOfThreads) {
  const Diagnosis one = diagnose(trace(), {.n_threads = 1});
  const Diagnosis three = diagnose(trace(), {.n_threads = 3});
  for (std::size_t i = 0; i < one.rows.size(); ++i) {
    EXPECT_EQ(one.rows[i].name, three.rows[i].name);
    EXPECT_EQ(one.rows[i].ess_bulk, three.rows[i].ess_bulk);
    EXPECT_EQ(one.rows[i].rhat, three.rows[i].rhat);
  }
}

TEST_F(DiagnosisTest, WarnsOfChainsThatDisagree) {
  for (std::int64_t i = 0; i < kDiagnosedDraws; ++i) x(i, 2, 1) += 2.0f;
  const auto warnings = diagnose(trace()).warnings;
  ASSERT_EQ(warnings.size(), 3u) << testing::PrintToString(warnings);
  EXPECT_EQ(warnings[0].rfind("R-hat of 1 of 4 scalars is above 1.01, the largest 1.", 0), 0u)
      << warnings[0];
  EXPECT_NE(warnings[0].find(" of x[1]: the chains have not forgotten"), std::string::npos);
  EXPECT_EQ(warnings[1].rfind("bulk ESS of 1 of 4 scalars is below 400, the smallest ", 0), 0u)
      << warnings[1];
  EXPECT_EQ(warnings[2].rfind("tail ESS of 1 of 4 scalars is below 400, the smallest ", 0), 0u)
      << warnings[2];
}

TEST_F(DiagnosisTest, WarnsOfTooFewEffectiveDraws) {
  // 95 of 100 draws repeat the one before: about 2000/39 effective ones. R-hat may be high as well.
  for (std::int64_t c = 0; c < kDiagnosedChains; ++c) {
    for (std::int64_t i = 0; i < kDiagnosedDraws; ++i) x(i, c, 0) = x(i - i % 20, c, 0);
  }
  std::string all;
  for (const std::string& warning : diagnose(trace()).warnings) all += warning + "\n";
  EXPECT_NE(all.find("bulk ESS of 1 of 4 scalars is below 400"), std::string::npos) << all;
  EXPECT_NE(all.find("tail ESS of 1 of 4 scalars is below 400"), std::string::npos) << all;
  EXPECT_NE(all.find("(autocorrelation of neighbouring draws 0.9"), std::string::npos) << all;
}

TEST_F(DiagnosisTest, TheLeastEssIsThatOfFewChains) {
  // 2000 draws as one chain need 100, of 4 chains 400, of many no more than min_ess.
  const auto least = [&](std::int64_t n_chains, double min_ess) {
    const Trace one{.n_draws = kDiagnosedDraws * kDiagnosedChains / n_chains,
                    .n_chains = n_chains,
                    .energy = energy_};
    std::string all;
    const DiagnosisOptions options{
        .max_rhat = 9.0, .min_ess_per_chain = 1e5, .min_ess = min_ess, .n_threads = 1};
    for (const std::string& warning : diagnose(one, options).warnings) all += warning;
    return all;
  };
  EXPECT_NE(least(1, 1e9).find("is below 100000,"), std::string::npos) << least(1, 1e9);
  EXPECT_NE(least(4, 1e9).find("is below 400000,"), std::string::npos) << least(4, 1e9);
  EXPECT_EQ(least(100, 400), "");
}

TEST_F(DiagnosisTest, WarnsOfAnEnergyThatMovesTooLittle) {
  // Four more at every draw of 500: 12/500² of what it spreads.
  std::vector<float> slow(energy_.size());
  for (std::size_t i = 0; i < slow.size(); ++i) slow[i] = static_cast<float>(i);
  Trace bad = trace();
  bad.total_energy = slow;
  const auto warnings = diagnose(bad).warnings;
  ASSERT_EQ(warnings.size(), 1u);
  EXPECT_EQ(warnings[0].rfind("E-BFMI of 4 of 4 chains is below 0.3, the smallest", 0), 0u)
      << warnings[0];
}

TEST_F(DiagnosisTest, WarnsOfDivergentSteps) {
  n_divergent_ = {0, 2, 0, 5};
  expect_only_warning("7 divergent steps in 2 of 4 chains, most in chain 3 (5)");
}

TEST_F(DiagnosisTest, WarnsOfLowAcceptance) {
  acceptance_ = {0.1, 0.1, 0.15, 0.12};
  expect_only_warning("acceptance is 0.117 on average, below 0.2");
}

TEST_F(DiagnosisTest, WarnsOfAChainThatIsStuck) {
  acceptance_[2] = 0.0;
  expect_only_warning("acceptance of 1 of 4 chains is below 0.02, the smallest 0 of chain 2");
}

TEST_F(DiagnosisTest, NamesCoordinatesThatSayNothing) {
  for (std::int64_t i = 0; i < kDiagnosedDraws * kDiagnosedChains; ++i)
    x(i / kDiagnosedChains, i % kDiagnosedChains, 0) = -1.0f;
  x(3, 1, 2) = NAN;
  const Diagnosis diagnosis = diagnose(trace());
  ASSERT_EQ(diagnosis.warnings.size(), 2u) << testing::PrintToString(diagnosis.warnings);
  EXPECT_EQ(diagnosis.warnings[0].rfind("1 of 4 scalars (the first is x[2]) have draws", 0), 0u);
  EXPECT_EQ(diagnosis.warnings[1].rfind("1 of 4 scalars (the first is x[0]) are constant", 0), 0u);
  EXPECT_EQ(diagnosis.rows[1].mean, -1.0);
  EXPECT_EQ(diagnosis.rows[1].sd, 0.0);
  EXPECT_TRUE(std::isnan(diagnosis.rows[1].rhat));
  EXPECT_TRUE(std::isnan(diagnosis.rows[3].ess_bulk));
}

TEST_F(DiagnosisTest, SaysThatThreeDrawsAreTooFew) {
  Trace three = trace();
  three.n_draws = 3;
  three.x = three.x.first(3 * kDiagnosedChains * kDiagnosedDim);
  three.energy = three.energy.first(3 * kDiagnosedChains);
  three.total_energy = {};
  const auto warnings = diagnose(three).warnings;
  ASSERT_EQ(warnings.size(), 1u);
  EXPECT_EQ(warnings[0].rfind("3 draws per chain are too few", 0), 0u) << warnings[0];
}

TEST_F(DiagnosisTest, RefusesASpanOfAnotherSize) {
  Trace bad = trace();
  bad.energy = bad.energy.first(7);
  try {
    diagnose(bad);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kShape);
    EXPECT_STREQ(error.what(), "energy of a trace has 7 numbers: must be 2000");
  }
  EXPECT_THROW(diagnose(trace(), {.n_threads = 0}), Error);
  EXPECT_THROW(diagnose(trace(), {.min_ess = NAN}), Error);
}

}  // namespace
}  // namespace ebm::samplers
