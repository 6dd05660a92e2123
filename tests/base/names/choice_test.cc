#include "base/names/choice.h"

#include <gtest/gtest.h>

namespace ebm::base {
namespace {

enum class Colour { kRed, kBlue, kGreen };

constexpr Choice<Colour> kColours[] = {{"red", Colour::kRed}, {"blue", Colour::kBlue}};

/// The message of the Error that `action` throws.
template <class Action>
std::string refused_choice(const Action& action) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage);
    return error.what();
  }
  return "nothing was thrown";
}

TEST(ChoiceTest, NamesAndValuesBelongTogether) {
  EXPECT_EQ(value_of<Colour>("colour", kColours, "red"), Colour::kRed);
  EXPECT_EQ(value_of<Colour>("colour", kColours, "blue"), Colour::kBlue);
  EXPECT_STREQ(name_of("colour", kColours, Colour::kBlue), "blue");
  EXPECT_EQ(names_of<Colour>(kColours), "red, blue");
  EXPECT_EQ(name_list<Colour>(kColours), (std::vector<std::string>{"red", "blue"}));
}

TEST(ChoiceTest, WhatIsNoChoiceIsRefusedWithAllNames) {
  EXPECT_EQ(refused_choice([] { value_of<Colour>("colour", kColours, "green"); }),
            "colour = green: must be one of red, blue");
  EXPECT_EQ(refused_choice([] { value_of<Colour>("colour", kColours, "re"); }),
            "colour = re: must be one of red, blue");
  EXPECT_EQ(refused_choice([] { name_of("colour", kColours, Colour::kGreen); }),
            "colour: must be one of red, blue");
}

}  // namespace
}  // namespace ebm::base
