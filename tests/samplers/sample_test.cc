#include "samplers/sample.h"

#include <gtest/gtest.h>

#include <limits>
#include <memory>
#include <string>

#include "base/error.h"
#include "samplers/energies/double_well.h"
#include "samplers/initial_states.h"
#include "samplers/kernels/mala.h"
#include "samplers/kernels/parallel_tempering.h"
#include "samplers/run_chains.h"

namespace ebm::samplers {
namespace {

const DoubleWell kWell(2);

TEST(SampleTest, EqualsTheLongWayToTheBit) {
  const Mala kernel({.step_size = 0.05f});
  std::vector<float> rows(2 * 37);
  draw_initial_states({.seed = 5, .domain = base::Domain::kSampleInit}, 0, 2, Box{-1, 2}, rows);
  ChainStore chains(37, 2);
  chains.load_rows(rows);
  run_chains(kWell, kernel, chains,
             {.n_steps = 50, .key = {.seed = 5, .domain = base::Domain::kSampleNoise}});
  chains.store_rows(rows);
  for (const int n_threads : {1, 3}) {
    EXPECT_EQ(sample(kWell, kernel,
                     {.n_chains = 37,
                      .n_steps = 50,
                      .seed = 5,
                      .n_threads = n_threads,
                      .start_box = Box{-1, 2}}),
              rows);
  }
}

TEST(SampleTest, WithoutStepsGivesTheStarts) {
  const Mala kernel({.step_size = 0.05f});
  std::vector<float> rows(2 * 4);
  draw_initial_states({.seed = 1, .domain = base::Domain::kSampleInit}, 0, 2, {}, rows);
  EXPECT_EQ(sample(kWell, kernel, {.n_chains = 4, .n_steps = 0, .seed = 1}), rows);
}

TEST(SampleTest, GivesTheColdChainOfEachEnsemble) {
  const ParallelTempering kernel(std::make_shared<Mala>(MalaOptions{.step_size = 0.05f}), {});
  std::vector<float> rows(2 * 3), all(2 * 12);
  draw_initial_states({.seed = 7, .domain = base::Domain::kSampleInit}, 0, 2, {}, rows);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = rows[i / 8 * 2 + i % 2];
  ChainStore chains(12, 2);
  chains.load_rows(all);
  run_chains(kWell, kernel, chains,
             {.n_steps = 20, .key = {.seed = 7, .domain = base::Domain::kSampleNoise}});
  chains.store_rows(all);
  const std::vector<float> cold{all[0], all[1], all[8], all[9], all[16], all[17]};
  EXPECT_EQ(sample(kWell, kernel, {.n_chains = 3, .n_steps = 20, .seed = 7}), cold);
}

TEST(SampleTest, NamesTheOptionThatIsWrong) {
  const auto message = [](const SampleOptions& options) -> std::string {
    try {
      options.validate();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kUsage);
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(message({.n_chains = 0}), "n_chains = 0: must be at least 1");
  EXPECT_EQ(message({.n_steps = -1}), "n_steps = -1: must be 0 or more");
  EXPECT_EQ(message({.n_threads = 0}), "n_threads = 0: must be at least 1");
  EXPECT_NE(message({.start_box = Box{1, 1}}), "");
  EXPECT_NE(message({.start_box = Box{0, std::numeric_limits<float>::infinity()}}), "");
  EXPECT_EQ(message({}), "");
}

}  // namespace
}  // namespace ebm::samplers
