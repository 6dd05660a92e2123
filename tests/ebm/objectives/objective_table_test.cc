#include "ebm/objectives/objective_table.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "ebm/train_options.h"

namespace ebm {
namespace {

TEST(ObjectiveTableTest, EveryRowIsAnObjectiveWithANameOfItsOwn) {
  std::set<std::string> names;
  for (const ObjectiveEntry& entry : objective_table()) {
    EXPECT_TRUE(names.insert(entry.name).second) << entry.name;
    EXPECT_EQ(&objective_entry(entry.kind), &entry);
    TrainOptions options;
    training::ConfigTable table = options.table();
    table.assign(std::string("objective=") + entry.name);
    EXPECT_EQ(options.objective, entry.kind);
    options.resolve(true, table);
    EXPECT_NO_THROW(options.validate()) << entry.name;
    const auto objective = entry.make(options, true);
    ASSERT_NE(objective, nullptr);
    // Columns of metrics.csv that the page of a run is made of.
    const auto columns = objective->figures({});
    const std::size_t n_shared = columns.size() - objective->own_columns().size();
    EXPECT_EQ(std::string(columns.at(n_shared - 1).name), "loss");
  }
}

}  // namespace
}  // namespace ebm
