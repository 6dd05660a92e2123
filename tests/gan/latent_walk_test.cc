#include "gan/latent_walk.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "evaluation/walk.h"
#include "gan/latent_energy.h"
#include "samplers/initial_states.h"
#include "tests/gan/shifting_gan.h"

namespace ebm::gan {
namespace {

constexpr std::int64_t kLatents = kShiftingLatents, kWalkers = 400;
const std::vector<float> kIdentity{1.0f, 0.0f, 0.0f, 1.0f};

std::vector<float> prior_draws() {
  std::vector<float> latents(kWalkers * kLatents);
  samplers::draw_initial_states({.seed = 3, .domain = base::Domain::kSampleInit}, 0, kLatents,
                                std::nullopt, latents);
  return latents;
}

samplers::SamplerSettings mala() {
  return {.sampler = samplers::SamplerKind::kMala, .step_size = 0.3f};
}

double mean_latent(const std::vector<float>& latents, std::size_t coordinate) {
  double mean = 0.0;
  for (std::size_t i = coordinate; i < latents.size(); i += kLatents) {
    mean += latents[i] / double{kWalkers};
  }
  return mean;
}

TEST(LatentWalkTest, MovesLatentsToWhereTheCriticTakesThemForData) {
  const auto latents = prior_draws();
  const LatentWalk walk = walk_latents(shifting_gan(), latents, mala(), {.n_steps = 60, .seed = 5});
  // Of 400 chains the mean has a standard error of 0.05.
  EXPECT_NEAR(mean_latent(latents, 0), 0.0, 0.25);
  EXPECT_NEAR(mean_latent(walk.latents, 0), 1.0, 0.25);
  EXPECT_NEAR(mean_latent(walk.latents, 1), 0.0, 0.25);
  ASSERT_TRUE(walk.acceptance.has_value());
  EXPECT_GT(*walk.acceptance, 0.5);
  EXPECT_LT(*walk.acceptance, 1.0);
}

// The energy has an R-hat too, which is larger here.
TEST(LatentWalkTest, RhatIsTheLargestOfTheCoordinates) {
  const LatentWalkOptions options{.n_steps = 12, .seed = 5};
  const auto latents = prior_draws();
  const LatentWalk found = walk_latents(shifting_gan(), latents, mala(), options);
  const auto energy = latent_energy({shifting_gan().generator, {kIdentity, {0.0f, 0.0f}}},
                                    {shifting_gan().critic, {{-1.0f, 0.0f}, {0.0f}}});
  const evaluation::WalkOptions plan{
      .n = kWalkers, .steps = 12, .keep_draws = true, .seed = options.seed};
  samplers::SamplerSettings settings = mala();
  const auto walk = evaluation::walk_chains(*energy, latents, plan, settings);
  EXPECT_EQ(found.latents, walk.rows);
  const auto all = evaluation::diagnose_walk(walk, plan, settings.sampler, *energy);
  ASSERT_EQ(all.rows.size(), 3u);
  ASSERT_NE(all.rows[0].rhat, std::max(all.rows[1].rhat, all.rows[2].rhat));
  EXPECT_EQ(found.rhat, std::max(all.rows[1].rhat, all.rows[2].rhat));
}

TEST(LatentWalkTest, AnUnknownRhatMakesTheLargestUnknown) {
  const LatentWalk walk = walk_latents(shifting_gan(), prior_draws(), mala(), {.n_steps = 1});
  EXPECT_TRUE(std::isnan(walk.rhat));
}

TEST(LatentWalkTest, KeepsAtMostTwiceAsManyDrawsAsItNeeds) {
  EXPECT_EQ(LatentWalkOptions{.n_steps = 1}.thinning(), 1);
  EXPECT_EQ(LatentWalkOptions{.n_steps = 399}.thinning(), 1);
  EXPECT_EQ(LatentWalkOptions{.n_steps = 400}.thinning(), 2);
  EXPECT_EQ(LatentWalkOptions{.n_steps = 100000}.thinning(), 500);
}

}  // namespace
}  // namespace ebm::gan
