#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "base/error.h"
#include "samplers/run_chains.h"
#include "tests/samplers/coordinate_energy.h"
#include "tests/samplers/kernels/kernel_cases.h"
#include "tests/samplers/message_of.h"

namespace ebm::samplers {
namespace {

constexpr float kInf = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr std::int64_t kNonFiniteChains = 40;

/// Chain i starts at (0.01·i, ..., 0.01·i), at most 0.39.
ChainStore in_a_row(std::int64_t dim) {
  ChainStore chains(kNonFiniteChains, dim);
  std::vector<float> rows(static_cast<std::size_t>(kNonFiniteChains * dim));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::size_t chain = i / static_cast<std::size_t>(dim);
    rows[i] = 0.01f * static_cast<float>(chain);
  }
  chains.load_rows(rows);
  return chains;
}

/// Flat where |x| < edge; `energy` and `grad` beyond.
CoordinateEnergy cliff(std::int64_t dim, float edge, float energy, float grad) {
  return {dim, [=](float x) { return std::abs(x) < edge ? 0.0f : energy; },
          [=](float x) { return std::abs(x) < edge ? 0.0f : grad; }};
}

class KernelNonFiniteTest : public testing::TestWithParam<KernelCase> {};
class RejectingKernelTest : public testing::TestWithParam<KernelCase> {};
class OtherKernelTest : public testing::TestWithParam<KernelCase> {};

std::vector<KernelCase> cases_where(bool is_metropolis) {
  std::vector<KernelCase> found;
  for (const KernelCase& kernel : kernel_cases()) {
    if (kernel.is_metropolis == is_metropolis) found.push_back(kernel);
  }
  return found;
}

/// A trace of states that were swapped does not say who left.
std::vector<KernelCase> others_that_do_not_swap() {
  std::vector<KernelCase> found = cases_where(false);
  std::erase_if(found, [](const KernelCase& kernel) { return kernel.swaps; });
  return found;
}

TEST_P(KernelNonFiniteTest, AStartThatIsNotFiniteIsNamed) {
  const KernelPointer kernel = GetParam().make(2, 0.01f);
  for (const CoordinateEnergy& energy :
       {cliff(2, 0.295f, kInf, 0.0f), cliff(2, 0.295f, -kInf, 0.0f), cliff(2, 0.295f, kNan, 0.0f),
        cliff(2, 0.295f, 0.0f, kNan)}) {
    ChainStore chains = in_a_row(2);
    const RunOptions run{.n_steps = 1, .first_step = 6};
    for (const bool evaluated : {false, true, false}) {
      // Known energies, or a run that failed before, must not make a start acceptable.
      if (evaluated) evaluate_chains(energy, chains, 1);
      const std::string message = message_of(ErrorCode::kDiverged, [&] {
        ChainStore fresh = chains;
        run_chains(energy, *kernel, fresh, run);
      });
      EXPECT_TRUE(contains(message, "chain 30 became non-finite (NaN or infinity) at step 7: "))
          << message;
      EXPECT_TRUE(contains(message, GetParam().is_metropolis ? kStartHint : "step_size"))
          << message;
    }
    if (!GetParam().is_metropolis) continue;
    for (int attempt = 0; attempt < 2; ++attempt) {
      message_of(ErrorCode::kDiverged, [&] { run_chains(energy, *kernel, chains, run); });
    }
  }
}

TEST_P(RejectingKernelTest, ProposalsThatAreNotFiniteAreRejectedAndCounted) {
  for (const CoordinateEnergy& energy :
       {cliff(2, 0.5f, kInf, 0.0f), cliff(2, 0.5f, -kInf, 0.0f), cliff(2, 0.5f, kNan, 0.0f),
        cliff(2, 0.5f, 0.0f, kNan), cliff(2, 0.5f, 0.0f, kInf)}) {
    ChainStore chains = in_a_row(2);
    const RunInfo info =
        run_chains(energy, *GetParam().make(2, 0.2f), chains, {.n_steps = 50, .key = {.seed = 1}});
    std::vector<float> rows(kNonFiniteChains * 2);
    chains.store_rows(rows);
    for (const float x : rows) EXPECT_LT(std::abs(x), 0.5f);
    const ChainInfo total = info.total();
    EXPECT_EQ(total.n_transitions, 50 * kNonFiniteChains);
    EXPECT_GT(total.n_non_finite, kNonFiniteChains);
    EXPECT_GT(total.n_accepted, kNonFiniteChains);
    if (!GetParam().has_one_proposal) continue;
    // Nothing else is ever rejected where the energy is flat.
    EXPECT_EQ(total.n_accepted + total.n_non_finite, total.n_transitions);
    EXPECT_EQ(total.acceptance_units, total.n_accepted << 24);
    EXPECT_EQ(total.n_divergent, 0);
  }
}

TEST_P(RejectingKernelTest, ARejectedChainStaysInPlace) {
  // Every other point than the start of chain 0, where all coordinates are 0, is not finite.
  const CoordinateEnergy point(
      2, [](float x) { return x == 0.0f ? 1.5f : kNan; }, [](float) { return 0.25f; });
  ChainStore chains(2, 2);
  run_chains(point, *GetParam().make(2, 0.2f), chains, {.n_steps = 9});
  std::vector<float> rows(4), energy(2);
  chains.store_rows(rows);
  chains.store_energy(energy);
  EXPECT_EQ(rows, std::vector<float>(4));
  EXPECT_EQ(energy, std::vector<float>(2, 3.0f));
  EXPECT_EQ(chains.blocks(0, 1).energy_grad[0], 0.25f);
}

TEST_P(OtherKernelTest, TheFirstChainAndStepToLeaveAreNamed) {
  const auto hill = [](float edge) {
    return CoordinateEnergy(
        2, [=](float x) { return x < edge ? -x * x : kInf; }, [](float x) { return -2.0f * x; });
  };
  constexpr std::int64_t kSteps = 90;
  constexpr float kEdge = 1.5f;
  const KernelPointer kernel = GetParam().make(2, 0.05f);
  std::vector<float> trace(kSteps * kNonFiniteChains * 2);
  RunOptions run{.n_steps = kSteps, .key = {.seed = 2}, .trace = {.x = trace}};
  ChainStore free = in_a_row(2);
  run_chains(hill(kInf), *kernel, free, run);
  std::size_t first = 0;
  while (first < trace.size() && trace[first] < kEdge) ++first;
  ASSERT_LT(first, trace.size()) << "no chain leaves: the test says nothing";
  const std::size_t step = first / (kNonFiniteChains * 2) + 1, chain = first / 2 % kNonFiniteChains;
  run.trace = {};
  for (const int threads : {1, 2}) {
    run.n_threads = threads;
    ChainStore chains = in_a_row(2);
    const std::string message =
        message_of(ErrorCode::kDiverged, [&] { run_chains(hill(kEdge), *kernel, chains, run); });
    // Found when its energy is looked at: at the end of the step, or at the start of the next.
    const auto expected = [&](std::size_t at) {
      return "chain " + std::to_string(chain) + " became non-finite (NaN or infinity) at step " +
             std::to_string(at) + ": energy is inf";
    };
    EXPECT_TRUE(contains(message, expected(step)) || contains(message, expected(step + 1)))
        << message << "\nnot " << expected(step);
  }
}

TEST_P(OtherKernelTest, AnOverflowNamesItsChain) {
  // A gradient that is finite, but whose step is not.
  const CoordinateEnergy steep(
      2, [](float) { return 0.0f; }, [](float x) { return x > 0.295f ? -3e38f : 0.0f; });
  ChainStore chains = in_a_row(2);
  const std::string message = message_of(ErrorCode::kDiverged, [&] {
    run_chains(steep, *GetParam().make(2, 100.0f), chains, {.n_steps = 1});
  });
  EXPECT_TRUE(contains(message, "chain 30 ")) << message;
}

INSTANTIATE_TEST_SUITE_P(Kernels, KernelNonFiniteTest, testing::ValuesIn(kernel_cases()),
                         name_of_case);
INSTANTIATE_TEST_SUITE_P(Kernels, RejectingKernelTest, testing::ValuesIn(cases_where(true)),
                         name_of_case);
INSTANTIATE_TEST_SUITE_P(Kernels, OtherKernelTest, testing::ValuesIn(others_that_do_not_swap()),
                         name_of_case);

TEST(OverflowTest, AnOverflowBehindABoxNamesItsChain) {
  const CoordinateEnergy steep(
      2, [](float) { return 0.0f; }, [](float x) { return x > 0.295f ? -3e38f : 0.0f; });
  const Box box{-1.0f, 1.0f};
  LangevinOptions noisy = langevin_at(100.0f, 1e-9f);
  noisy.box = box;
  LangevinOptions conditioned = noisy;
  conditioned.preconditioner = {1.0f, 1.0f};
  std::vector<KernelPointer> kernels;
  kernels.push_back(kernel_of<Langevin>(noisy));
  kernels.push_back(kernel_of<Langevin>(conditioned));
  kernels.push_back(
      kernel_of<GradientDescent>(GradientDescentOptions{.step_size = 100.0f, .box = box}));
  kernels.push_back(kernel_of<Nesterov>(NesterovOptions{.step_size = 100.0f, .box = box}));
  for (const KernelPointer& kernel : kernels) {
    ChainStore chains = in_a_row(2);
    const std::string message = message_of(
        ErrorCode::kDiverged, [&] { run_chains(steep, *kernel, chains, {.n_steps = 1}); });
    EXPECT_TRUE(
        contains(message, "chain 30 became non-finite (NaN or infinity) at step 1: x overflowed"))
        << message;
  }
}

TEST(ChainStoreTest, TemperaturesHaveToBeFinite) {
  ChainStore chains(2, 1);
  for (const float bad : {-1.0f, kNan, kInf}) {
    const std::vector<float> temperature{1.0f, bad};
    message_of(ErrorCode::kUsage, [&] { chains.set_temperature(temperature); });
  }
}

}  // namespace
}  // namespace ebm::samplers
