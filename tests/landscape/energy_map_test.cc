#include "landscape/energy_map.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "base/error.h"
#include "samplers/energies/double_well.h"

namespace ebm::landscape {
namespace {

/// Two chains for ten frames on E = 2·(x² − 1)². The second stays in the left well, the first
/// crosses to it after its fifth frame; [frame][chain].
const std::vector<float> kFrames{0.8f,  -0.9f,  0.9f,  -1.1f, 1.0f,   -1.0f, 1.1f,
                                 -0.8f, 1.2f,   -0.9f, -0.7f, -1.0f,  -0.9f, -1.2f,
                                 -1.0f, -0.95f, -1.1f, -1.0f, -1.05f, -0.9f};
const std::vector<std::int64_t> kLabels{7, 3};
constexpr std::int64_t kLag = 50;

EnergyMap map_of(const EnergyMapOptions& options,
                 const std::vector<std::int64_t>& labels = kLabels) {
  return map_energy(samplers::DoubleWell(1), kFrames, 2, kLag, labels, options);
}

/// −p·log₂ p
double bits(double p) { return -p * std::log2(p); }

TEST(EnergyMapTest, TwoWellsAreTwoModesWithTheCountsOfTheFrames) {
  const EnergyMap map = map_of({});
  EXPECT_EQ(map.n_states, 2);
  EXPECT_EQ(map.n_descents, 20);
  EXPECT_EQ(map.n_unsettled, 0);
  EXPECT_EQ(map.n_crossings, 1);
  ASSERT_EQ(map.modes.size(), 2u);
  // Of 18 steps from frame to frame, 13 stay left, 4 stay right and one crosses, which counts half
  // each way.
  const double left = 13.5 / 18, right = 4.5 / 18, exit = 0.5 / 18;
  EXPECT_NEAR(map.modes[0].mass, left, 1e-12);
  EXPECT_NEAR(map.modes[1].mass, right, 1e-12);
  for (const auto& mode : map.modes) {
    EXPECT_NEAR(mode.exit, exit, 1e-12);
    EXPECT_EQ(mode.n_states, 1);
    EXPECT_NEAR(mode.energy, 0.0f, 1e-10f);
    EXPECT_NEAR(*mode.escape_time, kLag * mode.mass / exit, 1e-9);
    ASSERT_EQ(mode.exemplar.size(), 1u);
  }
  // E″ = 16 at the minima, so that 250 steps of 0.01 leave nothing but rounding.
  EXPECT_NEAR(map.modes[0].exemplar[0], -1.0f, 1e-6f);
  EXPECT_NEAR(map.modes[1].exemplar[0], 1.0f, 1e-6f);
  ASSERT_EQ(map.flows.size(), 1u);
  EXPECT_EQ(map.flows[0].from, 0);
  EXPECT_EQ(map.flows[0].to, 1);
  EXPECT_NEAR(map.flows[0].weight, 2 * exit, 1e-12);
  // The map equation of two modules of one state each: names of modules when they change, and
  // within each those of its state and of leaving it.
  EXPECT_NEAR(map.one_level_codelength, bits(left) + bits(right), 1e-12);
  double codelength = 2 * exit;
  for (const double mass : {left, right}) {
    codelength += (mass + exit) * (bits(mass / (mass + exit)) + bits(exit / (mass + exit)));
  }
  EXPECT_NEAR(map.codelength, codelength, 1e-12);
}

TEST(EnergyMapTest, ModesHaveTheLabelsThatTheirChainsStartedWith) {
  const EnergyMap map = map_of({});
  EXPECT_EQ(map.modes[0].label, 3);
  EXPECT_EQ(map.modes[1].label, 7);
  EXPECT_EQ(map.adjusted_rand_index, 1.0);
  const EnergyMap without = map_of({}, {});
  EXPECT_EQ(without.modes[0].label, std::nullopt);
  EXPECT_EQ(without.adjusted_rand_index, std::nullopt);
}

TEST(EnergyMapTest, TheSaddleBetweenThemIsTheTopOfTheBarrier) {
  const EnergyMap map = map_of({});
  EXPECT_EQ(map.n_paths_modes, 2);
  ASSERT_EQ(map.saddles.size(), 4u);
  EXPECT_EQ(map.saddles[0], double{map.modes[0].energy});
  EXPECT_EQ(map.saddles[3], double{map.modes[1].energy});
  EXPECT_EQ(map.saddles[1], map.saddles[2]);
  // E(0) = 2, from which E falls by 4x²; the states looked at are 2/160 apart.
  EXPECT_LE(map.saddles[1], 2.0);
  EXPECT_GE(map.saddles[1], 2.0 - 4 * std::pow(1.0 / 160, 2));
  ASSERT_EQ(map.tree.size(), 1u);
  EXPECT_EQ(map.tree[0].left + map.tree[0].right, 1);
  EXPECT_EQ(map.tree[0].energy, map.saddles[1]);
}

TEST(EnergyMapTest, ClustersHaveTheirLowestFramesAsExemplars) {
  const EnergyMap map = map_of({.states = StateKind::kKMeans, .k = 2});
  EXPECT_EQ(map.n_descents, 0);
  EXPECT_EQ(map.n_states, 2);
  ASSERT_EQ(map.modes.size(), 2u);
  EXPECT_EQ(map.modes[0].exemplar, std::vector<float>{-1.0f});
  EXPECT_EQ(map.modes[1].exemplar, std::vector<float>{1.0f});
  EXPECT_EQ(map.modes[0].energy, 0.0f);
  EXPECT_NEAR(map.modes[0].mass, 13.5 / 18, 1e-12);
}

TEST(EnergyMapTest, AModeThatNoChainLeavesHasNoEscapeTime) {
  const std::vector<float> apart{1.0f, -1.0f, 1.0f, -1.0f, 1.0f, -1.0f};
  const EnergyMap map = map_energy(samplers::DoubleWell(1), apart, 2, kLag, {}, {.max_paths = 0});
  ASSERT_EQ(map.modes.size(), 2u);
  EXPECT_EQ(map.n_crossings, 0);
  EXPECT_TRUE(map.flows.empty());
  for (const auto& mode : map.modes) {
    EXPECT_EQ(mode.escape_time, std::nullopt);
    EXPECT_NEAR(mode.mass, 0.5, 1e-12);
  }
  EXPECT_TRUE(map.saddles.empty());
  EXPECT_TRUE(map.tree.empty());
}

TEST(EnergyMapTest, CountsDescentsThatDidNotComeToRest) {
  const EnergyMap map = map_of({.descent_steps = 0});
  // Those of the 20 frames that stand at a minimum already are at rest: five of them.
  EXPECT_EQ(map.n_unsettled, 15);
}

TEST(EnergyMapTest, BitsDoNotDependOnThreads) {
  const EnergyMap one = map_of({.n_threads = 1});
  for (const int threads : {2, 3}) {
    const EnergyMap other = map_of({.n_threads = threads});
    EXPECT_EQ(other.codelength, one.codelength);
    EXPECT_EQ(other.saddles, one.saddles);
    ASSERT_EQ(other.modes.size(), one.modes.size());
    for (std::size_t m = 0; m < one.modes.size(); ++m) {
      EXPECT_EQ(other.modes[m].mass, one.modes[m].mass);
      EXPECT_EQ(other.modes[m].exemplar, one.modes[m].exemplar);
    }
  }
}

TEST(EnergyMapTest, BadOptionsAreNamed) {
  const auto message = [](const EnergyMapOptions& options) {
    try {
      options.validate();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kUsage);
      return std::string(error.what());
    }
    return std::string("no error");
  };
  EXPECT_EQ(message({.descent_steps = -1}).find("descent-steps = -1"), 0u);
  EXPECT_EQ(message({.descent_step_size = 0}).find("descent-step-size = 0"), 0u);
  EXPECT_EQ(message({.merge_distance = -1}).find("merge-distance = -1"), 0u);
  EXPECT_EQ(message({.k = 0}).find("k = 0"), 0u);
  EXPECT_EQ(message({.restarts = 0}).find("restarts = 0"), 0u);
  EXPECT_EQ(message({.max_paths = -1}).find("paths = -1"), 0u);
  EXPECT_EQ(message({.band_images = 0}).find("band-images = 0"), 0u);
  EXPECT_EQ(message({.band_steps = -1}).find("band-steps = -1"), 0u);
}

}  // namespace
}  // namespace ebm::landscape
