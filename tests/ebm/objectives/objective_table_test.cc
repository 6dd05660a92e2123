#include "ebm/objectives/objective_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <variant>

#include "base/error.h"
#include "base/number_text.h"
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

TEST(ObjectiveTableTest, ASettingOfAnotherObjectiveIsRefused) {
  for (const ObjectiveEntry& entry : objective_table()) {
    for (const ObjectiveEntry& other : objective_table()) {
      if (entry.kind == other.kind) continue;
      for (const ObjectiveEntry::OwnKey& key : other.own_keys) {
        const auto is_same = [&](const ObjectiveEntry::OwnKey& own) {
          return std::string(own.name) == key.name;
        };
        if (std::ranges::any_of(entry.own_keys, is_same)) continue;
        TrainOptions options;
        training::ConfigTable table = options.table();
        table.assign(std::string("objective=") + entry.name);
        const bool is_real = std::holds_alternative<double TrainOptions::*>(key.member);
        const bool is_switch = std::holds_alternative<bool TrainOptions::*>(key.member);
        const std::string value = is_real              ? "0.5"
                                  : !is_switch         ? "7"
                                  : key.neutral != 0.0 ? "false"
                                                       : "true";
        table.assign(std::string(key.name) + "=" + value);
        options.resolve(true, table);
        try {
          options.validate();
          ADD_FAILURE() << entry.name << " takes " << key.name;
        } catch (const Error& error) {
          const std::string neutral =
              is_switch ? (key.neutral != 0.0 ? "true" : "false") : base::number_text(key.neutral);
          EXPECT_EQ(std::string(error.what()), std::string(key.name) + " = " + value +
                                                   ": must be " + neutral +
                                                   " with objective = " + entry.name);
        }
      }
    }
  }
}

}  // namespace
}  // namespace ebm
