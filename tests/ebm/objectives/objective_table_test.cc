#include "ebm/objectives/objective_table.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "base/error.h"
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
    EXPECT_EQ(std::string(objective->figures({}).back().name), "loss");
  }
}

TEST(ObjectiveTableTest, ASettingOfAnotherObjectiveIsRefused) {
  for (const ObjectiveEntry& entry : objective_table()) {
    for (const ObjectiveEntry& other : objective_table()) {
      if (entry.kind == other.kind) continue;
      for (const ObjectiveEntry::OwnKey& key : other.own_keys) {
        TrainOptions options;
        training::ConfigTable table = options.table();
        table.assign(std::string("objective=") + entry.name);
        table.assign(std::string(key.name) + "=0.5");
        options.resolve(true, table);
        try {
          options.validate();
          ADD_FAILURE() << entry.name << " takes " << key.name;
        } catch (const Error& error) {
          EXPECT_EQ(std::string(error.what()),
                    std::string(key.name) + " = 0.5: must be 0 with objective = " + entry.name);
        }
      }
    }
  }
}

}  // namespace
}  // namespace ebm
