#include "landscape/energy_map.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/error.h"
#include "samplers/energies/double_well.h"

namespace ebm::landscape {
namespace {
using app::LandscapeMap;
using app::LandscapeMapOptions;
using app::map_json;
using app::map_landscape;
using app::map_text;

/// Two chains for ten frames on E = 2·(x² − 1)². The second stays in the left well, the first
/// crosses to it after its fifth frame; [frame][chain].
const std::vector<float> kFrames{0.8f,  -0.9f,  0.9f,  -1.1f, 1.0f,   -1.0f, 1.1f,
                                 -0.8f, 1.2f,   -0.9f, -0.7f, -1.0f,  -0.9f, -1.2f,
                                 -1.0f, -0.95f, -1.1f, -1.0f, -1.05f, -0.9f};
const std::vector<std::int64_t> kLabels{7, 3};
constexpr std::int64_t kLag = 50;

LandscapeMap map_of(const LandscapeMapOptions& options,
                    const std::vector<std::int64_t>& labels = kLabels) {
  return map_landscape(samplers::DoubleWell(1), kFrames, 2, kLag, labels, options);
}

/// −p·log₂ p
double bits(double p) { return -p * std::log2(p); }

TEST(EnergyMapTest, TwoWellsAreTwoModesWithTheCountsOfTheFrames) {
  const LandscapeMap map = map_of({});
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
  const LandscapeMap map = map_of({});
  EXPECT_EQ(map.modes[0].label, 3);
  EXPECT_EQ(map.modes[1].label, 7);
  EXPECT_EQ(map.adjusted_rand_index, 1.0);
  const LandscapeMap without = map_of({}, {});
  EXPECT_EQ(without.modes[0].label, std::nullopt);
  EXPECT_EQ(without.adjusted_rand_index, std::nullopt);
}

TEST(EnergyMapTest, TheSaddleBetweenThemIsTheTopOfTheBarrier) {
  const LandscapeMap map = map_of({});
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
  const LandscapeMap map = map_of({.states = "k-means", .k = 2});
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
  const LandscapeMap map =
      map_landscape(samplers::DoubleWell(1), apart, 2, kLag, {}, {.most_paths = 0});
  ASSERT_EQ(map.modes.size(), 2u);
  EXPECT_EQ(map.n_crossings, 0);
  EXPECT_TRUE(map.flows.empty());
  for (const auto& mode : map.modes) {
    EXPECT_EQ(mode.escape_time, std::nullopt);
    EXPECT_NEAR(mode.mass, 0.5, 1e-12);
  }
  EXPECT_TRUE(map.saddles.empty());
  EXPECT_TRUE(map.tree.empty());
  const nlohmann::json document = map_json(map);
  EXPECT_TRUE(document.at("modules")[0].at("escape_time").is_null());
  EXPECT_FALSE(document.contains("saddles"));
  EXPECT_NE(map_text(map).find("never"), std::string::npos);
}

TEST(EnergyMapTest, DescentsThatDidNotComeToRestAreCountedAndTold) {
  const LandscapeMap map = map_of({.descent_steps = 0});
  // Those of the 20 frames that stand at a minimum already are at rest: five of them.
  EXPECT_EQ(map.n_unsettled, 15);
  EXPECT_NE(map_text(map).find("15 of 20 descents had not come to rest"), std::string::npos);
  EXPECT_EQ(map_json(map).at("descents"), (nlohmann::json{{"n", 20}, {"unsettled", 15}}));
  EXPECT_EQ(map_text(map_of({})).find("come to rest"), std::string::npos);
}

TEST(EnergyMapTest, JsonAndTextSayTheSame) {
  const LandscapeMap map = map_of({});
  const nlohmann::json document = map_json(map);
  EXPECT_EQ(document.at("n_states"), 2);
  EXPECT_EQ(document.at("crossings"), 1);
  EXPECT_EQ(document.at("modules").size(), 2u);
  EXPECT_EQ(document.at("modules")[0].at("label"), 3);
  EXPECT_EQ(document.at("modules")[0].at("mass"), map.modes[0].mass);
  EXPECT_EQ(document.at("saddles")[0][1], map.saddles[1]);
  EXPECT_EQ(document.at("flows")[0], (nlohmann::json{0, 1, map.flows[0].weight}));
  EXPECT_EQ(document.at("tree")[0].at("energy"), map.tree[0].energy);
  EXPECT_EQ(document.at("adjusted_rand_index"), 1.0);
  const std::string text = map_text(map);
  EXPECT_EQ(text.find("2 states in 2 modes: 0.3587 bits a frame, 0.8113 without modes; "
                      "1 crossings\n"),
            0u)
      << text;
  // 27 and 9 times 50 steps; a barrier of 2.
  EXPECT_NE(text.find("    1   75.00%"), std::string::npos) << text;
  EXPECT_NE(text.find("1350"), std::string::npos) << text;
  EXPECT_NE(text.find(" 450"), std::string::npos) << text;
  EXPECT_NE(text.find("  2, to mode 2\n"), std::string::npos) << text;
}

TEST(EnergyMapTest, BitsDoNotDependOnThreads) {
  const nlohmann::json one = map_json(map_of({.n_threads = 1}));
  for (const int threads : {2, 3}) EXPECT_EQ(map_json(map_of({.n_threads = threads})), one);
}

TEST(EnergyMapTest, BadOptionsAreNamed) {
  const auto message = [](const LandscapeMapOptions& options) {
    try {
      options.validate();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kUsage);
      return std::string(error.what());
    }
    return std::string("no error");
  };
  EXPECT_EQ(message({.states = "cells"}), "states = cells: must be basins or k-means");
  EXPECT_EQ(message({.descent_steps = -1}).find("descent-steps = -1"), 0u);
  EXPECT_EQ(message({.descent_step_size = 0}).find("descent-step-size = 0"), 0u);
  EXPECT_EQ(message({.merge_distance = -1}).find("merge-distance = -1"), 0u);
  EXPECT_EQ(message({.k = 0}).find("k = 0"), 0u);
  EXPECT_EQ(message({.restarts = 0}).find("restarts = 0"), 0u);
  EXPECT_EQ(message({.most_paths = -1}).find("paths = -1"), 0u);
  EXPECT_EQ(message({.band_images = 0}).find("band-images = 0"), 0u);
  EXPECT_EQ(message({.band_steps = -1}).find("band-steps = -1"), 0u);
}

}  // namespace
}  // namespace ebm::landscape
