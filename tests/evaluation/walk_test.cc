#include "evaluation/walk.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "samplers/energies/double_well.h"
#include "samplers/initial_states.h"
#include "tests/nets/expect_error.h"

namespace ebm::evaluation {
namespace {

constexpr std::int64_t kChains = 20;

std::vector<float> some_starts() {
  std::vector<float> starts(kChains * 3);
  samplers::draw_initial_states({.seed = 4, .domain = base::Domain::kSampleInit}, 0, 3, {}, starts);
  return starts;
}

Walk walk_of(const WalkOptions& options) {
  samplers::SamplerSettings settings{.sampler = samplers::SamplerKind::kMala, .step_size = 0.01f};
  return walk_chains(samplers::DoubleWell(3), some_starts(), options, settings);
}

TEST(WalkTest, ProgressGoesToTheEndOfEachPhaseAndChangesNoBit) {
  WalkOptions options{.n = kChains, .burn_in = 30, .steps = 40, .seed = 4};
  const Walk quiet = walk_of(options);
  std::vector<Progress> seen;
  options.on_progress = [&](const Progress& now) { seen.push_back(now); };
  const Walk watched = walk_of(options);
  EXPECT_EQ(watched.rows, quiet.rows);
  EXPECT_EQ(watched.energies, quiet.energies);
  double last = 0.0;
  std::string phases;
  for (const Progress& now : seen) {
    EXPECT_EQ(now.task, Task::kSample);
    EXPECT_GT(now.fraction, last);
    last = now.fraction < 1.0 ? now.fraction : 0.0;
    if (now.fraction == 1.0) phases += "[" + now.phase + "]";
  }
  EXPECT_EQ(phases, "[burn-in][]");
}

TEST(WalkTest, AnExceptionOfTheCallbackEndsTheWalk) {
  const WalkOptions options{.n = kChains, .steps = 1000, .on_progress = [](const Progress&) {
                              throw std::runtime_error("enough");
                            }};
  EXPECT_THROW(walk_of(options), std::runtime_error);
}

TEST(WalkTest, DiagnosesTheDrawsThatItKept) {
  const WalkOptions options{
      .n = kChains, .steps = 60, .thinning = 3, .keep_draws = true, .seed = 4};
  const Walk walk = walk_of(options);
  EXPECT_EQ(walk.n_draws, 20);
  ASSERT_EQ(walk.draws.size(), 20u * kChains * 3);
  const samplers::Diagnosis diagnosis =
      diagnose_walk(walk, options, samplers::SamplerKind::kMala, samplers::DoubleWell(3));
  EXPECT_EQ(diagnosis.n_draws, 20);
  EXPECT_EQ(diagnosis.n_chains, kChains);
  ASSERT_EQ(diagnosis.rows.size(), 4u);  // energy and three coordinates
  EXPECT_TRUE(diagnosis.e_bfmi.empty());
  EXPECT_NEAR(*diagnosis.mean_acceptance(), walk.info.total().acceptance(), 1e-9);
}

TEST(WalkTest, RefusesOptionsThatDoNotGoTogether) {
  nets::expect_error(ErrorCode::kUsage, "n = 0", [] { walk_of({.n = 0, .steps = 1}); });
  nets::expect_error(ErrorCode::kUsage, "steps = -1", [] { walk_of({.n = kChains, .steps = -1}); });
  nets::expect_error(ErrorCode::kUsage, "thinning = 9: must be at most the 8 steps", [] {
    walk_of({.n = kChains, .steps = 8, .thinning = 9, .keep_draws = true});
  });
  nets::expect_error(ErrorCode::kUsage, "burn-in = 0: must be at least 1",
                     [] { walk_of({.n = kChains, .steps = 8, .adapt = true}); });
  samplers::SamplerSettings langevin;
  nets::expect_error(ErrorCode::kUsage, "adapt: langevin has no accept step", [&] {
    walk_chains(samplers::DoubleWell(3), some_starts(),
                {.n = kChains, .burn_in = 5, .steps = 8, .adapt = true}, langevin);
  });
}

}  // namespace
}  // namespace ebm::evaluation
