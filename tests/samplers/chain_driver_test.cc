#include "samplers/chain_driver.h"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "base/error.h"
#include "samplers/energies/observation.h"
#include "samplers/kernels/langevin.h"
#include "samplers/kernels/nesterov.h"
#include "samplers/kernels/underdamped.h"
#include "tests/samplers/allocations.h"
#include "tests/samplers/coordinate_energy.h"

namespace ebm::samplers {
namespace {

constexpr std::int64_t kDriverDim = 500;

std::shared_ptr<const Energy> bowl() {
  return std::make_shared<CoordinateEnergy>(quadratic(kDriverDim, 1.0f));
}

std::vector<float> driver_rows(std::int64_t n) {
  std::vector<float> rows(static_cast<std::size_t>(n * kDriverDim));
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = 0.01f * static_cast<float>(i % 97);
  return rows;
}

TEST(ChainDriverTest, ADriverThatHasAdvancedChainsGivesTheBitsOfANewOne) {
  const Advance steps{.n_steps = 3, .first_step = 5, .first_chain_id = 2, .key = {.seed = 4}};
  const std::vector<std::shared_ptr<const Kernel>> kernels{
      std::make_shared<Langevin>(LangevinOptions{.step_size = 0.1f, .noise_scale = 0.2f}),
      // Its chains keep a momentum within a run, and begin the next one without.
      std::make_shared<Underdamped>(UnderdampedOptions{.step_size = 0.1f})};
  for (const auto& kernel : kernels) {
    HostChainDriver driver(bowl(), kernel, 2);
    for (const std::int64_t n : {40, 40, 21, 40}) {
      for (const std::uint64_t first_chain_id : {0, 2}) {
        Advance now = steps;
        now.first_chain_id = first_chain_id;
        std::vector<float> found = driver_rows(n), expected = found;
        driver.advance(found, now);
        HostChainDriver(bowl(), kernel, 2).advance(expected, now);
        EXPECT_EQ(found, expected) << n;
      }
    }
  }
}

TEST(ChainDriverTest, ARunInPiecesKeepsItsMomentum) {
  const auto nesterov =
      std::make_shared<Nesterov>(NesterovOptions{.step_size = 0.01f, .momentum = 0.8f});
  std::vector<float> whole = driver_rows(21);
  HostChainDriver(bowl(), nesterov, 2).advance(whole, {.n_steps = 9});
  HostChainDriver driver(bowl(), nesterov, 2);
  for (int run = 0; run < 2; ++run) {
    std::vector<float> pieces = driver_rows(21);
    driver.advance(pieces, {.n_steps = 2});
    driver.advance(pieces, {.n_steps = 6, .first_step = 2});
    driver.advance(pieces, {.n_steps = 1, .first_step = 8});
    EXPECT_EQ(pieces, whole) << run;
  }
  // Other chains between do not leave theirs.
  std::vector<float> cut = driver_rows(21), other = driver_rows(21);
  driver.advance(cut, {.n_steps = 2});
  driver.advance(other, {.n_steps = 2, .first_chain_id = 7});
  driver.advance(cut, {.n_steps = 7, .first_step = 2});
  EXPECT_NE(cut, whole);
}

TEST(ChainDriverTest, MemoryOfChainsIsAllocatedOnce) {
  HostChainDriver driver(
      bowl(), std::make_shared<Langevin>(LangevinOptions{.step_size = 0.1f, .noise_scale = 0.2f}),
      2);
  std::vector<float> rows = driver_rows(40);
  driver.advance(rows, {.n_steps = 2});
  std::int64_t of_a_few_steps = 0;
  for (const std::int64_t n_steps : {2, 50}) {
    const Allocations allocations;
    driver.advance(rows, {.n_steps = n_steps});
    // An evaluator for each thread, what each group tells, and the work as a function.
    EXPECT_LT(allocations.bytes(), 2000) << n_steps;
    if (of_a_few_steps == 0) of_a_few_steps = allocations.count();
    // A thread may have had nothing to do.
    EXPECT_LE(allocations.count(), of_a_few_steps + 2) << n_steps;
  }
}

// E(x; c) = |x − c|²/2: without noise a step of 1/4 leaves 3/4 of the way to the context of the
// chain, exactly in binary.
TEST(ChainDriverTest, EveryChainHasAContextOfItsOwn) {
  HostChainDriver driver(std::make_shared<Observation>(2, 1.0f),
                         std::make_shared<Langevin>(LangevinOptions{.step_size = 0.25f}), 2);
  for (const std::size_t n : {21, 21, 40}) {
    for (const float scale : {1.0f, -3.0f}) {  // another context for the same chains
      std::vector<float> rows(2 * n, 8.0f), context(2 * n);
      for (std::size_t i = 0; i < 2 * n; ++i) context[i] = scale * static_cast<float>(i);
      driver.advance(rows, {.n_steps = 1, .context = context});
      for (std::size_t i = 0; i < 2 * n; ++i) {
        EXPECT_EQ(rows[i], 6.0f + 0.25f * context[i]) << i;
      }
    }
  }
}

TEST(ChainDriverTest, AContextOfAnotherSizeIsRefused) {
  HostChainDriver driver(std::make_shared<Observation>(2, 1.0f),
                         std::make_shared<Langevin>(LangevinOptions{.step_size = 0.25f}), 1);
  std::vector<float> rows(6), context(5);
  EXPECT_THROW(driver.advance(rows, {.n_steps = 1}), Error);
  EXPECT_THROW(driver.advance(rows, {.n_steps = 1, .context = context}), Error);
  std::vector<float> plain(kDriverDim);
  HostChainDriver unconditional(bowl(),
                                std::make_shared<Langevin>(LangevinOptions{.step_size = 0.25f}), 1);
  EXPECT_THROW(unconditional.advance(plain, {.n_steps = 1, .context = context}), Error);
}

}  // namespace
}  // namespace ebm::samplers
