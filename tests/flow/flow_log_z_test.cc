// Annealed importance sampling of a flow, whose log Z is 0: from below forwards, and from above
// backwards from draws that are exact. The one case of a curved density where both bounds are what
// they are said to be.
#include <gtest/gtest.h>

#include <atomic>
#include <memory>

#include "flow/flow_energy.h"
#include "flow/flow_sampler.h"
#include "samplers/ais/annealed_importance.h"
#include "tests/flow/example_flows.h"

namespace ebm::flow {
namespace {

TEST(FlowLogZTest, AnnealedImportanceSamplingBracketsZero) {
  const ResidualFlow flow = bent(ResidualFlow(
      {.item = {2, 1, 1}, .blocks = 2, .hidden = 4, .activation = nets::ActivationKind::kSilu}, 3));
  const auto energy = std::make_shared<FlowEnergy>(flow);
  const std::atomic<int> never{0};
  constexpr std::int64_t kChains = 192;
  const auto draws = draw_samples(
      flow, kChains, 1.0, {.seed = 9, .domain = base::Domain::kSampleInit}, 0, 1e-6, 2, never);
  samplers::AnnealedImportance ais(energy, {.base = {.sd = 1.5f},
                                            .n_temperatures = 40,
                                            .transitions = {.n_pilot_chains = 16},
                                            .seed = 3,
                                            .n_threads = 2});
  const samplers::LogZEstimate forward = *ais.forward(kChains);
  const samplers::LogZEstimate reverse = *ais.reverse(draws->rows);
  // Each within 4 of its standard errors, which are small.
  EXPECT_LT(forward.se, 0.06);
  EXPECT_LT(reverse.se, 0.06);
  EXPECT_NEAR(forward.log_z, 0.0, 4 * forward.se);
  EXPECT_NEAR(reverse.log_z, 0.0, 4 * reverse.se);
  // The mean of ln w is a bound from below without the help of large numbers, and its mirror image
  // one from above.
  EXPECT_LT(ais.log_z_base() + forward.mean_log_w, 0.0 + 4 * forward.se);
  EXPECT_GT(reverse.log_z + 4 * reverse.se, 0.0);
}

}  // namespace
}  // namespace ebm::flow
