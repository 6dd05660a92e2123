#include "report/page/figure_table.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

namespace ebm::report {
namespace {

using Row = std::vector<std::string>;

TEST(FigureTableTest, FiguresOfTheDocumentComeFirstAndEveryObjectHasATable) {
  const auto tables = evaluation_tables(nlohmann::ordered_json::parse(
      R"({"log_z": {"forward": -1.5, "reverse": {"value": 2, "n": 10}}, "fd": 12.3456789,
          "ood": {"noise": {"auroc": 1.0}, "mnist": {"auroc": 0.75, "aupr": 0.5}},
          "kid": null, "classes": [1, 2.5], "many": [1,2,3,4,5,6,7,8,9,10,11,12,13], "of": "net"})"));
  ASSERT_EQ(tables.size(), 3u);
  EXPECT_EQ(tables[0].title, "");
  EXPECT_EQ(tables[0].columns, (Row{"figure", "value"}));
  EXPECT_EQ(tables[0].rows, (std::vector<Row>{{"fd", "12.3457"},
                                              {"kid", "none"},
                                              {"classes", "1, 2.5"},
                                              {"many", "13 values"},
                                              {"of", "net"}}));
  EXPECT_EQ(tables[1].title, "log_z");
  EXPECT_EQ(tables[1].rows,
            (std::vector<Row>{{"forward", "-1.5"}, {"reverse.value", "2"}, {"reverse.n", "10"}}));
  EXPECT_EQ(tables[2].title, "ood");
  EXPECT_EQ(tables[2].columns, (Row{"name", "auroc", "aupr"}));
  EXPECT_EQ(tables[2].rows, (std::vector<Row>{{"noise", "1", ""}, {"mnist", "0.75", "0.5"}}));
}

TEST(FigureTableTest, ObjectsThatShareNoKeysAreListed) {
  nlohmann::ordered_json document;
  for (int i = 0; i < 1000; ++i) {
    document["ood"]["set" + std::to_string(i)]["key" + std::to_string(i)] = i;
  }
  const auto tables = evaluation_tables(document);
  ASSERT_EQ(tables.size(), 1u);
  EXPECT_EQ(tables[0].columns, (Row{"figure", "value"}));
  ASSERT_EQ(tables[0].rows.size(), 1000u);
  EXPECT_EQ(tables[0].rows[999], (Row{"set999.key999", "999"}));
}

TEST(FigureTableTest, FewObjectsWithKeysOfTheirOwnAreATable) {
  const auto tables = evaluation_tables(nlohmann::ordered_json::parse(
      R"({"ood": {"a": {"x": 1}, "b": {"y": 2}, "c": {"z": 3, "x": 4}}})"));
  EXPECT_EQ(tables.at(0).columns, (Row{"name", "x", "y", "z"}));
  EXPECT_EQ(tables.at(0).rows,
            (std::vector<Row>{{"a", "1", "", ""}, {"b", "", "2", ""}, {"c", "4", "", "3"}}));
}

}  // namespace
}  // namespace ebm::report
