#include "training/config_table.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "tests/training/config_settings.h"

namespace ebm::training {
namespace {

using Settings = ConfigSettings;

TEST(ConfigTableTest, ReadsEveryTypeAndWritesItBack) {
  Settings settings;
  ConfigTable table = settings.table();
  table.read_toml(
      "steps = 5\nstep_size = 1\npersistent = false\nnet = 'a \"b\"'\n[versions]\nx = 1", "c.toml");
  EXPECT_EQ(settings.steps, 5);
  EXPECT_EQ(settings.step_size, 1.0);
  EXPECT_FALSE(settings.persistent);
  EXPECT_TRUE(table.is_set("net"));
  Settings again;
  ConfigTable second = again.table();
  EXPECT_FALSE(second.is_set("net"));
  second.read_toml(table.to_toml(), "again");
  EXPECT_EQ(second.to_toml(), table.to_toml());
  EXPECT_EQ(again.net, "a \"b\"");
}

TEST(ConfigTableTest, AssignsFromACommandLine) {
  Settings settings;
  ConfigTable table = settings.table();
  table.assign("net=my net.toml");
  table.assign("step_size=1e-3");
  table.assign("persistent=false");
  EXPECT_EQ(settings.net, "my net.toml");
  EXPECT_EQ(settings.step_size, 1e-3);
  EXPECT_FALSE(settings.persistent);
}

TEST(ConfigTableTest, KnowsWhatSetAKey) {
  Settings settings;
  ConfigTable table = settings.table();
  EXPECT_EQ(table.origin_of("steps"), KeyOrigin::kDefault);
  EXPECT_EQ(table.origin_of("no key"), KeyOrigin::kDefault);
  table.read_toml("steps = 5\nnet = 'a'", "config.toml", KeyOrigin::kRun);
  EXPECT_EQ(table.origin_of("steps"), KeyOrigin::kRun);
  table.read_toml("steps = 5", "c.toml");
  EXPECT_EQ(table.origin_of("steps"), KeyOrigin::kFile);
  table.assign("steps=5");
  EXPECT_EQ(table.origin_of("steps"), KeyOrigin::kArgument);
  EXPECT_EQ(table.origin_of("net"), KeyOrigin::kRun);
  EXPECT_EQ(table.origin_of("step_size"), KeyOrigin::kDefault);
}

TEST(ConfigTableTest, CopiesValuesOfEveryType) {
  Settings from, to;
  const ConfigTable source = from.table(), target = to.table();
  from.steps = 9;
  from.step_size = 1.0 / 3.0;
  from.persistent = !to.persistent;
  from.net = "it's";
  for (std::size_t i = 0; i < source.keys().size(); ++i) {
    ConfigTable::copy_value(source.keys()[i], target.keys()[i]);
  }
  EXPECT_EQ(target.to_toml(), source.to_toml());
  EXPECT_EQ(to.net, "it's");
  EXPECT_EQ(to.step_size, 1.0 / 3.0);
  EXPECT_EQ(ConfigTable::plain_text(target.keys()[1]), "0.333333");
  EXPECT_THROW(ConfigTable::copy_value(source.keys()[0], target.keys()[1]), Error);
}

TEST(ConfigTableTest, NumbersBeyond53BitsRoundToTheNearestDouble) {
  for (const bool in_file : {false, true}) {
    Settings settings;
    ConfigTable table = settings.table();
    if (in_file) table.read_toml("step_size = 9007199254740993", "c.toml");
    if (!in_file) table.assign("step_size=9007199254740993");
    EXPECT_EQ(settings.step_size, 9007199254740992.0);
    EXPECT_EQ(ConfigTable::value_text(table.keys()[1]), "9007199254740992.0");
  }
}

TEST(ConfigTableTest, EveryStringSurvivesTheFile) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string one(1, static_cast<char>(byte));
    for (const std::string& net :
         {one, one + "x", "\n" + one + "'''", "caf\xe9" + one + "\"\"\""}) {
      Settings settings, again;
      settings.table().assign("net=" + net);
      EXPECT_EQ(settings.net, net);
      again.table().read_toml(settings.table().to_toml(), "config.toml");
      EXPECT_EQ(again.net, net) << byte;
    }
  }
}

TEST(ConfigTableTest, WhatIsNoValueIsRefusedInOneShortLine) {
  std::string deep;
  for (int i = 0; i < 200000; ++i) deep += "a.";
  for (const std::string& text :
       {deep + "a = 1", "net = [" + std::string(100000, '['), std::string("net = [1, 256]"),
        std::string("net = [[]]"), "steps = {" + deep + "a = 1}",
        "step_size = '" + std::string(1000000, 'x') + "'",
        std::string("steps = \"a\\nb\\u001b[31m\""), std::string(1000000, 'k') + " = 1"}) {
    Settings settings;
    for (const bool in_file : {false, true}) {
      try {
        if (in_file) settings.table().read_toml(text, "c.toml");
        if (!in_file) settings.table().assign("steps=" + text);
        ADD_FAILURE() << text.substr(0, 60);
      } catch (const Error& error) {
        const std::string message = error.what();
        EXPECT_LT(message.size(), 3000u);
        EXPECT_EQ(message.find_first_of("\n\x1b"), std::string::npos) << message;
      }
    }
    EXPECT_EQ(settings.steps, 60);
    EXPECT_EQ(settings.net, "uva");
  }
}

template <class Action>
std::string error_of(ErrorCode code, Action action) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code);
    return error.what();
  }
  ADD_FAILURE() << "no error";
  return "";
}

TEST(ConfigTableTest, FaultsAreNamedWithTheirPlaceAndWhatIsRight) {
  Settings settings;
  ConfigTable table = settings.table();
  const auto read = [&](const char* text) {
    return error_of(ErrorCode::kBadData, [&] { table.read_toml(text, "c.toml"); });
  };
  EXPECT_EQ(read("\nstep_sise = 1"), "c.toml:2: unknown key step_sise; did you mean step_size?");
  EXPECT_EQ(read("steps = 1.5"), "c.toml:1: steps = 1.5: must be an integer");
  EXPECT_EQ(read("persistent = 1"), "c.toml:1: persistent = 1: must be true or false");
  EXPECT_EQ(read("net = 3"), "c.toml:1: net = 3: must be a string");
  EXPECT_NE(read("steps = ").find("c.toml:1: "), std::string::npos);
  const auto assign = [&](const char* words) {
    return error_of(ErrorCode::kUsage, [&] { table.assign(words); });
  };
  EXPECT_EQ(assign("step=1"), "unknown key step; did you mean steps?");
  EXPECT_EQ(assign("steps"), "--set steps: must be key=value");
  EXPECT_EQ(assign("steps=many"), "steps = many: must be an integer");
  EXPECT_EQ(assign("steps=1.5"), "steps = 1.5: must be an integer");
  EXPECT_EQ(assign("steps=99999999999999999999"),
            "steps = 99999999999999999999: must be an integer");
  EXPECT_EQ(settings.steps, 60);
  EXPECT_EQ(assign("colour=green"), "colour = green: must be one of red, blue");
  EXPECT_EQ(read("colour = 'green'"), "c.toml:1: colour = green: must be one of red, blue");
  EXPECT_EQ(read("colour = 1"), "c.toml:1: colour = 1: must be one of red, blue");
  EXPECT_EQ(settings.colour, Colour::kRed);
}

TEST(ConfigTableTest, ValuesOfAnEnumerationAreNames) {
  Settings settings;
  ConfigTable table = settings.table();
  table.assign("colour=blue");
  EXPECT_EQ(settings.colour, Colour::kBlue);
  EXPECT_EQ(ConfigTable::value_text(table.keys().back()), "'blue'");
  table.read_toml("colour = 'red'", "c.toml");
  EXPECT_EQ(settings.colour, Colour::kRed);
}

TEST(ConfigTableTest, NotesOtherDefaultsForTheHelp) {
  Settings settings;
  ConfigTable table = settings.table();
  table.note_other_default("step_size", "toys", 0.5);
  ASSERT_EQ(table.keys()[1].other_defaults.size(), 1u);
  EXPECT_EQ(table.keys()[1].other_defaults[0].applies_to, "toys");
  EXPECT_EQ(ConfigTable::value_text(table.keys()[1].other_defaults[0].value), "0.5");
  EXPECT_TRUE(table.keys()[0].other_defaults.empty());
  EXPECT_THROW(table.note_other_default("stepsize", "toys", 0.5), Error);
  const ConfigTable::Key& key = table.keys()[1];
  EXPECT_EQ(ConfigTable::meaning_of(key), key.help + " [0.5 for toys]");
  table.note_other_default("step_size", "rings", 0.25);
  EXPECT_EQ(ConfigTable::meaning_of(key), key.help + " [0.5 for toys, 0.25 for rings]");
  EXPECT_EQ(ConfigTable::meaning_of(table.keys()[0]), table.keys()[0].help);
  EXPECT_EQ(ConfigTable::meaning_of(table.keys().back()), table.keys().back().help + ": red, blue");
}

}  // namespace
}  // namespace ebm::training
