#include "report/figure_table.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace ebm::report {
namespace {

using Row = std::vector<std::string>;

TEST(FigureTableTest, FiguresOfTheDocumentComeFirstAndEveryObjectHasATable) {
  const auto tables = evaluation_tables(
      R"({"log_z": {"forward": -1.5, "reverse": {"value": 2, "n": 10}}, "fd": 12.3456789,
          "ood": {"noise": {"auroc": 1.0}, "mnist": {"auroc": 0.75, "aupr": 0.5}},
          "kid": null, "classes": [1, 2.5], "many": [1,2,3,4,5,6,7,8,9,10,11,12,13], "of": "net"})",
      "e.json");
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

TEST(FigureTableTest, WhatIsNoObjectOfFiguresIsBadData) {
  const std::string deep(100000, '[');
  for (const std::string& text : {std::string("{"), std::string("[1]"), std::string(), deep,
                                  "{\"a\":" + deep, std::string("\xFF")}) {
    try {
      evaluation_tables(text, "e.json");
      ADD_FAILURE() << text.substr(0, 10);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kBadData);
      EXPECT_TRUE(std::string(error.what()).starts_with("e.json: ")) << error.what();
    }
  }
  EXPECT_TRUE(evaluation_tables("{}", "e.json").empty());
}

}  // namespace
}  // namespace ebm::report
