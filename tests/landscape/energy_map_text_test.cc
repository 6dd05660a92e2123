#include "landscape/energy_map_text.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

namespace ebm::landscape {
namespace {

/// Two modes, the first twice as heavy, with a barrier of 2 between them.
EnergyMap some_map() {
  EnergyMap map;
  map.n_states = 2;
  map.n_descents = 20;
  map.one_level_codelength = 0.75;
  map.codelength = 0.5;
  map.modes = {{.mass = 0.75,
                .exit = 0.25,
                .escape_time = 1350.0,
                .n_states = 1,
                .exemplar = {},
                .label = 3},
               {.mass = 0.25,
                .exit = 0.25,
                .escape_time = std::nullopt,
                .n_states = 1,
                .exemplar = {},
                .label = 7}};
  map.flows = {{0, 1, 0.5}};
  map.n_crossings = 1;
  map.adjusted_rand_index = 1.0;
  map.n_paths_modes = 2;
  map.saddles = {0.0, 2.0, 2.0, 0.0};
  map.tree = {{.left = 0, .right = 1, .energy = 2.0}};
  return map;
}

TEST(EnergyMapTextTest, JsonHoldsTheMap) {
  const nlohmann::json document = map_json(some_map());
  EXPECT_EQ(document.at("n_states"), 2);
  EXPECT_EQ(document.at("crossings"), 1);
  EXPECT_EQ(document.at("modules").size(), 2u);
  EXPECT_EQ(document.at("modules")[0].at("label"), 3);
  EXPECT_EQ(document.at("modules")[0].at("escape_time"), 1350.0);
  EXPECT_TRUE(document.at("modules")[1].at("escape_time").is_null());
  EXPECT_EQ(document.at("saddles"), (nlohmann::json{{0.0, 2.0}, {2.0, 0.0}}));
  EXPECT_EQ(document.at("flows")[0], (nlohmann::json{0, 1, 0.5}));
  EXPECT_EQ(document.at("tree")[0].at("energy"), 2.0);
  EXPECT_EQ(document.at("adjusted_rand_index"), 1.0);
  EXPECT_EQ(document.at("descents"), (nlohmann::json{{"n", 20}, {"unsettled", 0}}));
}

TEST(EnergyMapTextTest, LeavesOutPathsAndLabelsThatThereAreNot) {
  EnergyMap map = some_map();
  map.n_paths_modes = 0;
  map.saddles.clear();
  map.tree.clear();
  map.adjusted_rand_index.reset();
  const nlohmann::json document = map_json(map);
  for (const char* name : {"saddles", "tree", "adjusted_rand_index"}) {
    EXPECT_FALSE(document.contains(name)) << name;
  }
  EXPECT_EQ(map_text(map).find("to mode"), std::string::npos);
}

TEST(EnergyMapTextTest, TextShowsModesBarriersAndUnsettledDescents) {
  EnergyMap map = some_map();
  const std::string text = map_text(map);
  EXPECT_EQ(text.find("2 states in 2 modes: 0.5000 bits a frame, 0.7500 without modes; "
                      "1 crossings\n"),
            0u)
      << text;
  EXPECT_NE(text.find("    1   75.00%"), std::string::npos) << text;
  EXPECT_NE(text.find("1350"), std::string::npos) << text;
  EXPECT_NE(text.find("never"), std::string::npos) << text;
  EXPECT_NE(text.find("  2, to mode 2\n"), std::string::npos) << text;
  EXPECT_EQ(text.find("come to rest"), std::string::npos);
  map.n_unsettled = 15;
  EXPECT_NE(map_text(map).find("15 of 20 descents had not come to rest"), std::string::npos);
}

}  // namespace
}  // namespace ebm::landscape
