#include "evaluation/sampling/walk_memory.h"

#include <gtest/gtest.h>

#include "tests/nets/expect_error.h"

namespace ebm::evaluation {
namespace {

void refuse_walk(const std::string& part, const WalkOptions& options,
                 const samplers::SamplerSettings& settings = {}) {
  nets::expect_error(ErrorCode::kUsage, part,
                     [&] { require_memory_of_walk(options, 1000, settings); });
}

TEST(WalkMemoryTest, ChainsHaveToFit) {
  EXPECT_NO_THROW(require_memory_of_walk({.n = 100, .steps = 1'000'000}, 1000, {}));
  refuse_walk("n = 100000000000: that many states of dim 1000 do not fit in memory",
              {.n = 100'000'000'000, .steps = 1});
  refuse_walk("states of dim 1000, 4 replicas each, do not fit", {.n = 100'000'000'000, .steps = 1},
              {.sampler = samplers::SamplerKind::kParallelTempering});
}

TEST(WalkMemoryTest, DrawsThatAreKeptAreCounted) {
  // 2^30 numbers are kept, and no more.
  const WalkOptions most{.n = 1024, .steps = 1024 * 1024 / 1000, .keep_draws = true};
  EXPECT_NO_THROW(require_memory_of_walk(most, 1000, {}));
  WalkOptions more = most;
  more.steps = 1050;
  refuse_walk("diagnose: the draws would be 1.0752e+09 numbers", more);
  more.thinning = 2;
  EXPECT_NO_THROW(require_memory_of_walk(more, 1000, {}));
}

TEST(WalkMemoryTest, OnlyANetcdfTraceIsKept) {
  WalkOptions traced{.n = 1024, .steps = 100'000, .trace = "x.nc"};
  refuse_walk("trace: the draws would be", traced);
  traced.trace = "x.npy";
  EXPECT_NO_THROW(require_memory_of_walk(traced, 1000, {}));
}

}  // namespace
}  // namespace ebm::evaluation
