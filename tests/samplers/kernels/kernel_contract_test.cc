#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <tuple>
#include <vector>

#include "base/error.h"
#include "samplers/energies/double_well.h"
#include "samplers/initial_states.h"
#include "samplers/run_chains.h"
#include "tests/samplers/coordinate_energy.h"
#include "tests/samplers/kernels/kernel_cases.h"
#include "tests/samplers/message_of.h"

namespace ebm::samplers {
namespace {

constexpr float kStepSize = 0.2f;

struct WalkOptions {
  std::int64_t n_chains = 100;
  std::int64_t n_steps = 7;
  std::int64_t cut_after = 0;
  int n_threads = 1;
  std::uint64_t seed = 9;
  std::int64_t preferred_blocks = 0;
  std::uint64_t first_chain_id = 0;
};

auto fields_of(const ChainInfo& info) {
  return std::tuple(info.n_transitions, info.n_accepted, info.n_gradients, info.n_non_finite,
                    info.n_divergent, info.n_swaps_proposed, info.n_swaps, info.acceptance_units,
                    info.hamiltonian);
}

struct End {
  std::vector<float> x;
  std::vector<decltype(fields_of({}))> infos;
  bool operator==(const End&) const = default;
};

ChainStore started(std::int64_t n_chains, std::int64_t dim, std::uint64_t first_chain_id = 0) {
  ChainStore chains(n_chains, dim, 0, first_chain_id);
  std::vector<float> rows(static_cast<std::size_t>(n_chains * dim));
  draw_initial_states({.seed = 3, .domain = base::Domain::kChainInit}, first_chain_id, dim,
                      std::nullopt, rows);
  chains.load_rows(rows);
  return chains;
}

std::vector<float> rows_of(const ChainStore& chains) {
  std::vector<float> rows(static_cast<std::size_t>(chains.n_chains() * chains.dim()));
  chains.store_rows(rows);
  return rows;
}

class KernelContractTest : public testing::TestWithParam<KernelCase> {
 protected:
  static End walk(std::int64_t dim, const WalkOptions& options) {
    const KernelPointer kernel = GetParam().make(dim, kStepSize);
    const CoordinateEnergy energy = quadratic(dim, 1.3f, options.preferred_blocks);
    ChainStore chains = started(options.n_chains, dim, options.first_chain_id);
    RunOptions run{.key = {.seed = options.seed}, .n_threads = options.n_threads};
    std::vector<ChainInfo> infos;
    for (const std::int64_t n : {options.cut_after, options.n_steps - options.cut_after}) {
      run.n_steps = n;
      const RunInfo info = run_chains(energy, *kernel, chains, run);
      run.first_step += static_cast<std::uint64_t>(n);
      if (infos.empty()) {
        infos = info.chains;
      } else {
        for (std::size_t i = 0; i < infos.size(); ++i) infos[i] += info.chains[i];
      }
    }
    End end{rows_of(chains), {}};
    for (const ChainInfo& info : infos) end.infos.push_back(fields_of(info));
    return end;
  }
};

TEST_P(KernelContractTest, SaysWhetherItKeepsAMomentum) {
  EXPECT_EQ(GetParam().make(2, kStepSize)->keeps_momentum(), GetParam().keeps_momentum);
}

TEST_P(KernelContractTest, SeedDecidesTheBits) {
  const End end = walk(3, {});
  EXPECT_EQ(walk(3, {}), end);
  EXPECT_EQ(walk(3, {.seed = 10}) == end, !GetParam().has_noise);
}

TEST_P(KernelContractTest, BitsDependNeitherOnThreadsNorGroupsNorCutsNorOtherChains) {
  for (const std::int64_t dim : {1, 2, 3, 5, 64, 129}) {
    SCOPED_TRACE(dim);
    const End end = walk(dim, {});
    if (dim == 1 || dim == 64) {  // more threads than cores take their time
      for (const int threads : {2, 3, 7}) {
        EXPECT_EQ(walk(dim, {.n_threads = threads}), end) << threads << " threads";
      }
    }
    for (const std::int64_t blocks : {1, 2, 3}) {
      EXPECT_EQ(walk(dim, {.preferred_blocks = blocks}), end) << blocks << " blocks";
    }
    for (const std::int64_t cut : {1, 3, 6}) {
      EXPECT_EQ(walk(dim, {.cut_after = cut}), end) << "cut after " << cut;
    }
    const auto expect_part = [&](const End& part, std::int64_t first) {
      for (std::size_t i = 0; i < part.x.size(); ++i) {
        ASSERT_EQ(part.x[i], end.x[i + static_cast<std::size_t>(first * dim)]) << i;
      }
      for (std::size_t i = 0; i < part.infos.size(); ++i) {
        ASSERT_EQ(part.infos[i], end.infos[i + static_cast<std::size_t>(first)]) << i;
      }
    };
    expect_part(walk(dim, {.n_chains = 20}), 0);
    expect_part(walk(dim, {.n_chains = 20, .first_chain_id = 36}), 36);
  }
}

TEST_P(KernelContractTest, TheEnergyIsMarkedWhereItIsThatOfTheState) {
  const KernelPointer kernel = GetParam().make(3, kStepSize);
  const CoordinateEnergy energy = quadratic(3, 1.3f);
  ChainStore chains = started(40, 3);
  run_chains(energy, *kernel, chains, {.n_steps = 5, .key = {.seed = 4}});
  ChainStore again = chains;
  evaluate_chains(energy, again, 1);
  ASSERT_GT(chains.n_blocks(), 1);
  for (std::int64_t block = 0; block < chains.n_blocks(); ++block) {
    const ChainBlocks found = chains.blocks(block, 1), expected = again.blocks(block, 1);
    EXPECT_EQ(found.evaluated[0] != 0, GetParam().ends_evaluated);
    // A mark that is missing costs an evaluation; one that is wrong, the walk.
    EXPECT_EQ(std::equal(found.energy.begin(), found.energy.end(), expected.energy.begin()),
              GetParam().ends_evaluated);
    EXPECT_EQ(std::equal(found.energy_grad.begin(), found.energy_grad.end(),
                         expected.energy_grad.begin()),
              GetParam().ends_evaluated);
  }
}

TEST_P(KernelContractTest, TraceHoldsEveryThinnedDrawAndItsEnergy) {
  constexpr std::int64_t kDim = 3, kChains = 20, kSteps = 11, kThinning = 3, kDraws = 3;
  const KernelPointer kernel = GetParam().make(kDim, kStepSize);
  const CoordinateEnergy energy = quadratic(kDim, 1.3f);
  const auto run = [&](ChainStore& chains, std::int64_t n_steps, const TraceBuffers& trace) {
    run_chains(energy, *kernel, chains,
               {.n_steps = n_steps, .key = {.seed = 4}, .n_threads = 2, .trace = trace});
  };
  std::vector<float> x(kDraws * kChains * kDim), e(kDraws * kChains);
  ChainStore traced = started(kChains, kDim);
  run(traced, kSteps, {.thinning = kThinning, .x = x, .energy = e});
  for (std::int64_t draw = 0; draw < kDraws; ++draw) {
    ChainStore cut = started(kChains, kDim);
    run(cut, (draw + 1) * kThinning, {});
    const std::vector<float> rows = rows_of(cut);
    EXPECT_TRUE(std::equal(rows.begin(), rows.end(), x.begin() + draw * kChains * kDim)) << draw;
    evaluate_chains(energy, cut, 1);
    std::vector<float> energies(kChains);
    cut.store_energy(energies);
    EXPECT_TRUE(std::equal(energies.begin(), energies.end(), e.begin() + draw * kChains)) << draw;
  }
  ChainStore untraced = started(kChains, kDim);
  run(untraced, kSteps, {});
  EXPECT_EQ(rows_of(traced), rows_of(untraced));
}

TEST_P(KernelContractTest, WrongShapesAreRefusedBeforeAnyChainMoves) {
  const auto expect_refusal = [](const Energy& energy, const Kernel& kernel, TraceBuffers trace) {
    ChainStore chains = started(40, 3);
    const std::vector<float> before = rows_of(chains);
    message_of(ErrorCode::kShape, [&] {
      run_chains(energy, kernel, chains, {.n_steps = 2, .n_threads = 2, .trace = trace});
    });
    EXPECT_EQ(rows_of(chains), before);
  };
  const KernelPointer fits = GetParam().make(3, kStepSize);
  std::vector<float> numbers(79);  // 2·40 energies are expected
  expect_refusal(quadratic(2, 1.0f), *fits, {});
  expect_refusal(quadratic(3, 1.0f), *fits, {.energy = numbers});
  expect_refusal(quadratic(3, 1.0f), *fits, {.x = numbers});
  expect_refusal(quadratic(3, 1.0f), *fits, {.hamiltonian = numbers});
  if (GetParam().has_diagonal) {
    expect_refusal(quadratic(3, 1.0f), *GetParam().make(2, kStepSize), {});
    expect_refusal(quadratic(3, 1.0f), *GetParam().make(4, kStepSize), {});
  }
}

TEST_P(KernelContractTest, AConditionalEnergyNeedsItsContext) {
  struct Conditional : CoordinateEnergy {
    Conditional() : CoordinateEnergy(quadratic(3, 1.0f)) {}
    std::int64_t context_dim() const override { return 2; }
  };
  ChainStore chains = started(40, 3);
  message_of(ErrorCode::kShape, [&] {
    run_chains(Conditional(), *GetParam().make(3, kStepSize), chains, {.n_steps = 1});
  });
}

TEST_P(KernelContractTest, NoStepsChangeNothing) {
  ChainStore chains = started(40, 3);
  const std::vector<float> before = rows_of(chains);
  run_chains(quadratic(3, 1.0f), *GetParam().make(3, kStepSize), chains, {.n_steps = 0});
  EXPECT_EQ(rows_of(chains), before);
}

INSTANTIATE_TEST_SUITE_P(Kernels, KernelContractTest, testing::ValuesIn(kernel_cases()),
                         name_of_case);

}  // namespace
}  // namespace ebm::samplers
