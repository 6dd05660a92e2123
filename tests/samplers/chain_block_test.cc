#include "samplers/chain_block.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <vector>

#include "base/error.h"
#include "samplers/energies/double_well.h"
#include "samplers/initial_states.h"
#include "samplers/kernels/langevin.h"
#include "samplers/run_chains.h"

namespace ebm::samplers {
namespace {

TEST(ChainStoreTest, RowsGoIntoLanesAndBack) {
  ChainStore chains(19, 3, 0, 100);
  EXPECT_EQ(chains.n_blocks(), 2);
  std::vector<float> rows(57);
  std::iota(rows.begin(), rows.end(), 0.0f);
  chains.load_rows(rows);
  const ChainBlocks block = chains.blocks(1, 1);
  EXPECT_EQ(block.x[0], 48.0f);           // chain 16, coordinate 0
  EXPECT_EQ(block.x[kLanes + 2], 55.0f);  // chain 18, coordinate 1
  EXPECT_EQ(block.x[kLanes + 9], 55.0f);  // a copy of the last chain
  EXPECT_EQ(block.chain_id[2], 118u);
  EXPECT_EQ(block.chain_id[15], 118u);
  std::vector<float> back(57);
  chains.store_rows(back);
  EXPECT_EQ(back, rows);
}

TEST(ChainStoreTest, GradientsComeBackAsRows) {
  ChainStore chains(19, 3);
  std::vector<float> rows(57), gradients(57);
  std::iota(rows.begin(), rows.end(), 0.0f);
  for (float& each : rows) each /= 40.0f;
  chains.load_rows(rows);
  evaluate_chains(DoubleWell(3), chains, 1);
  chains.store_energy_grad(gradients);
  // E = 2·(x² − 1)², so that E' = 8·x·(x² − 1).
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_NEAR(gradients[i], 8 * rows[i] * (rows[i] * rows[i] - 1), 1e-5) << i;
  }
  EXPECT_THROW(chains.store_energy_grad(std::span(gradients).first(3)), Error);
}

TEST(ChainStoreTest, ContextIsLaidOutAsTheStates) {
  ChainStore chains(2, 1, 2);
  const std::vector<float> context{1, 2, 3, 4};
  chains.load_context(context);
  EXPECT_EQ(chains.blocks(0, 1).context[1], 3.0f);
  EXPECT_EQ(chains.blocks(0, 1).context[kLanes], 2.0f);
}

TEST(ChainStoreTest, WrongSizesAreRefused) {
  EXPECT_THROW(ChainStore(0, 1), Error);
  EXPECT_THROW(ChainStore(1, 0), Error);
  ChainStore chains(2, 2);
  std::vector<float> three(3);
  EXPECT_THROW(chains.load_rows(three), Error);
  EXPECT_THROW(chains.store_rows(three), Error);
  const std::vector<float> negative{1.0f, -1.0f};
  EXPECT_THROW(chains.set_temperature(negative), Error);
}

TEST(RunChainsTest, ChainsOfAnotherDimensionAreRefused) {
  ChainStore chains(2, 2);
  EXPECT_THROW(run_chains(DoubleWell(3), Langevin({}), chains, {.n_steps = 1}), Error);
  EXPECT_THROW(run_chains(DoubleWell(2), Langevin({}), chains, {.n_steps = -1}), Error);
  EXPECT_THROW(run_chains(DoubleWell(2), Langevin({}), chains, {.n_steps = 1, .n_threads = 0}),
               Error);
}

TEST(RunChainsTest, AnExceptionOfAnEvaluatorLeavesTheParallelRegion) {
  struct Broken : Energy {
    std::int64_t dim() const override { return 1; }
    std::unique_ptr<Evaluator> make_evaluator(std::int64_t) const override {
      throw Error(ErrorCode::kInternal, "no evaluator");
    }
  };
  ChainStore chains(100, 1);
  EXPECT_THROW(run_chains(Broken(), Langevin({}), chains, {.n_steps = 1, .n_threads = 2}), Error);
}

TEST(InitialStatesTest, DoNotDependOnHowManyChainsThereAre) {
  std::vector<float> many(40 * 3), few(5 * 3);
  const base::RandomKey key{.seed = 4, .domain = base::Domain::kChainInit};
  draw_initial_states(key, 0, 3, std::nullopt, many);
  draw_initial_states(key, 10, 3, std::nullopt, few);
  EXPECT_TRUE(std::equal(few.begin(), few.end(), many.begin() + 30));
  draw_initial_states(key, 0, 3, Box{-1, 2}, many);
  for (const float x : many) {
    EXPECT_GE(x, -1.0f);
    EXPECT_LT(x, 2.0f);
  }
}

}  // namespace
}  // namespace ebm::samplers
