#include "ebm/noise_samples.h"

#include <gtest/gtest.h>

#include <vector>

#include "samplers/energies/double_well.h"
#include "samplers/initial_states.h"
#include "samplers/kernels/langevin.h"

namespace ebm {
namespace {

constexpr std::int64_t kDim = 3;

NoiseSampleOptions options_of(int n_threads) {
  return {.n = 211,
          .dim = kDim,
          .box = samplers::Box{-1, 1},
          .n_steps = 21,
          .key = {.seed = 3, .domain = base::Domain::kEvaluation, .generation = 1},
          .n_threads = n_threads};
}

/// Sets `stop` after so many calls.
class Interrupted : public samplers::HostChainDriver {
 public:
  Interrupted(int n_threads, int n_calls)
      : HostChainDriver(std::make_shared<samplers::DoubleWell>(kDim),
                        std::make_shared<samplers::Langevin>(
                            samplers::LangevinOptions{.step_size = 0.01f, .noise_scale = 0.1f}),
                        n_threads),
        n_calls_(n_calls) {}
  void advance(std::span<float> rows, const samplers::Advance& steps) override {
    HostChainDriver::advance(rows, steps);
    if (--n_calls_ == 0) stop = 15;
  }
  std::atomic<int> stop{0};

 private:
  int n_calls_;
};

TEST(NoiseSamplesTest, PiecesAreTheSameAsOneWalk) {
  const NoiseSampleOptions options = options_of(1);
  std::vector<float> expected(211 * kDim);
  samplers::draw_initial_states(options.key, std::uint64_t{1} << 63, kDim, options.box, expected);
  Interrupted whole(1, -1);
  whole.advance(expected, {.n_steps = 21, .key = options.key});
  for (const int n_threads : {1, 2, 3}) {
    Interrupted driver(n_threads, -1);
    const auto found = draw_noise_samples(driver, options_of(n_threads), driver.stop);
    ASSERT_TRUE(found);
    EXPECT_EQ(*found, expected) << n_threads;
  }
}

TEST(NoiseSamplesTest, AreNotThereAfterASignal) {
  for (const int n_calls : {1, 3}) {
    Interrupted driver(2, n_calls);
    EXPECT_FALSE(draw_noise_samples(driver, options_of(2), driver.stop)) << n_calls;
  }
}

}  // namespace
}  // namespace ebm
