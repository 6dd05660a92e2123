#include "landscape/transitions.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "landscape/map_equation.h"

namespace ebm::landscape {
namespace {

TEST(TransitionsTest, CountsAreSymmetrised) {
  // Chain 0: 0 0 1 1; chain 1: 2 1 2 2. C₀₀ = C₀₁ = C₁₁ = C₂₁ = C₁₂ = C₂₂ = 1.
  const std::vector<std::int64_t> states{0, 2, 0, 1, 1, 2, 1, 2};
  const auto links = transition_links(states, 2);
  const FlowNetwork network = flow_network(3, links);
  // Of 6 transitions: S₀₀ = 1, S₀₁ = ½, S₁₁ = 1, S₁₂ = 1, S₂₂ = 1; both ways ΣS = 6.
  EXPECT_DOUBLE_EQ(network.visits[0], 1.5 / 6.0);
  EXPECT_DOUBLE_EQ(network.visits[1], 2.5 / 6.0);
  EXPECT_DOUBLE_EQ(network.visits[2], 2.0 / 6.0);
  EXPECT_DOUBLE_EQ(network.exits[0], 0.5 / 6.0);
  EXPECT_DOUBLE_EQ(network.exits[1], 1.5 / 6.0);
  EXPECT_DOUBLE_EQ(network.exits[2], 1.0 / 6.0);
  EXPECT_EQ(n_crossings(states, 2, std::vector<std::int64_t>{0, 1, 2}), 3);
  EXPECT_EQ(n_crossings(states, 2, std::vector<std::int64_t>{0, 1, 1}), 1);
}

TEST(TransitionsTest, StatesThatAreNeverLeftAreModules) {
  const std::vector<std::int64_t> states{0, 1, 2, 0, 1, 2, 0, 1, 2};
  const auto network = flow_network(3, transition_links(states, 3));
  EXPECT_EQ(find_modules(network, {}).n_modules, 3);
  // Each module has one name, and there is no step between modules: nothing to say.
  EXPECT_NEAR(find_modules(network, {}).codelength, 0.0, 1e-12);
}

TEST(TransitionsTest, OneFrameIsNotEnough) {
  const std::vector<std::int64_t> states{0, 1, 2};
  EXPECT_THROW(transition_links(states, 3), Error);
  EXPECT_THROW(transition_links(states, 2), Error);
  EXPECT_THROW(transition_links(states, 0), Error);
}

}  // namespace
}  // namespace ebm::landscape
