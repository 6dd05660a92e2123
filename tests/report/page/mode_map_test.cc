#include "report/page/mode_map.h"

#include <gtest/gtest.h>

#include <string>

#include "base/error.h"
#include "report/page/html_mode_map.h"
#include "tests/report/count.h"

namespace ebm::report {
namespace {

const std::string kMap = R"({"temperature": 0.5, "modules": [
  {"mass": 0.5, "energy": -2, "escape_time": 800, "label": 3},
  {"mass": 0.3, "energy": -1, "escape_time": null},
  {"mass": 0.2, "energy": 0, "escape_time": 90.5}],
  "flows": [[0, 1, 0.01], [1, 2, 0.04]],
  "tree": [{"left": 1, "right": 2, "energy": 1}, {"left": 0, "right": 3, "energy": 4}],
  "exemplars": {"file": "modes.png", "width": 28, "height": 14}})";

TEST(ModeMapTest, HoldsWhatTheDocumentSays) {
  const ModeMap map = parse_mode_map(kMap, "m.json");
  EXPECT_EQ(map.temperature, 0.5);
  EXPECT_EQ(map.n_modes, 3u);
  ASSERT_EQ(map.modes.size(), 3u);
  EXPECT_EQ(map.modes[0].mass, 0.5);
  EXPECT_EQ(map.modes[0].energy, -2.0);
  EXPECT_EQ(map.modes[0].escape_time, 800.0);
  EXPECT_EQ(map.modes[0].label, 3);
  EXPECT_FALSE(map.modes[1].escape_time);
  EXPECT_FALSE(map.modes[1].label);
  ASSERT_EQ(map.flows.size(), 2u);
  EXPECT_EQ(map.flows[1].from, 1u);
  EXPECT_EQ(map.flows[1].flow, 0.04);
  EXPECT_EQ(map.n_tree(), 3u);
  EXPECT_EQ(map.tree[1].right, 3u);
  EXPECT_EQ(map.tile_width, 28);
  EXPECT_EQ(map.tile_height, 14);
}

TEST(ModeMapTest, OnlyTheLargestAreShown) {
  std::string modules;
  for (int i = 0; i < 40; ++i)
    modules += (i > 0 ? "," : "") + std::string(R"({"mass":0.025,"energy":1})");
  const ModeMap map =
      parse_mode_map(R"({"modules":[)" + modules + R"(],"flows":[[1,39,1],[2,3,1]]})", "m.json");
  EXPECT_EQ(map.n_modes, 40u);
  EXPECT_EQ(map.modes.size(), ModeMap::kMaxShown);
  EXPECT_EQ(map.flows.size(), 1u);
  EXPECT_TRUE(map.tree.empty());
  EXPECT_NE(mode_map_section(map).find("40 modes"), std::string::npos);
}

TEST(ModeMapTest, OtherDocumentsAreRefused) {
  const auto refusal = [](const std::string& json) {
    try {
      parse_mode_map(json, "m.json");
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kBadData);
      return std::string(error.what());
    }
    return std::string("none");
  };
  EXPECT_EQ(refusal("{}"), "m.json: has no modules; expected a map of ebm modes");
  EXPECT_EQ(refusal(R"({"modules": 3})"), "m.json: modules is of type number, expected an array");
  EXPECT_EQ(refusal(R"({"modules": [1]})"),
            "m.json: modules[0] is of type number, expected an object");
  EXPECT_EQ(refusal(R"({"modules": [{"mass": 1}]})"), "m.json: modules[0].energy is missing");
  EXPECT_EQ(refusal(R"({"modules": [{"mass": -1, "energy": 0}]})"),
            "m.json: modules[0].mass is negative");
  const std::string two = R"({"modules":[{"mass":1,"energy":0},{"mass":1,"energy":0}],)";
  EXPECT_EQ(refusal(two + R"("flows":[[0,1]]})"),
            "m.json: an entry of flows is not [from, to, flow]");
  EXPECT_EQ(refusal(two + R"("flows":[[0,1,-1]]})"), "m.json: an entry of flows is negative");
  EXPECT_EQ(refusal(two + R"("tree":[{"left":0,"right":2,"energy":1}]})"),
            "m.json: tree[0].right is 2, expected a whole number below 2");
  EXPECT_EQ(refusal(two + R"("tree":[{"left":0,"right":0,"energy":1}]})"),
            "m.json: tree[0] joins 0 again");
  EXPECT_EQ(refusal(two + R"("exemplars":{"width":5000,"height":1}})"),
            "m.json: exemplars.width is 5000, expected a whole number below 1000");
}

TEST(HtmlModeMapTest, DrawsModesFlowsAndTheTree) {
  ModeMap map = parse_mode_map(kMap, "m.json");
  EXPECT_EQ(mode_map_section(ModeMap{}), "");
  std::string text = mode_map_section(map);
  EXPECT_EQ(count(text, "class=\"flow\""), 2);
  EXPECT_EQ(count(text, "class=\"branch\""), 2);
  EXPECT_EQ(count(text, "<circle"), 6);  // three on the map, three leaves
  EXPECT_EQ(count(text, "<use"), 0);
  EXPECT_NE(text.find("<td>never seen</td>"), std::string::npos);
  EXPECT_NE(text.find("T = 0.5"), std::string::npos);
  // The thicker line is that of the larger flow: 0.8 + 7·√(1/4) and 0.8 + 7.
  EXPECT_EQ(count(text, "stroke-width=\"4.30\""), 1);
  EXPECT_EQ(count(text, "stroke-width=\"7.80\""), 1);
  map.exemplars_png = "png";
  text = mode_map_section(map);
  EXPECT_EQ(count(text, "<use"), 6);
  EXPECT_EQ(count(text, "viewBox=\"28 0 28 14\""), 2);
  EXPECT_EQ(count(text, "data:image/png"), 1);
}

}  // namespace
}  // namespace ebm::report
