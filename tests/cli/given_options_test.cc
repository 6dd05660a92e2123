#include "cli/given_options.h"

#include <gtest/gtest.h>

#include "tests/nets/expect_error.h"

namespace ebm::cli {
namespace {

using Names = std::vector<std::string>;

/// The options given by "--b 1 --c --a=2", of two groups.
Names given(std::initializer_list<std::string_view> groups = {}) {
  CLI::App app;
  int a = 0, b = 0;
  bool c = false;
  app.add_option("-x,--a", a)->group("Numbers");
  app.add_option("--b", b)->group("Numbers");
  app.add_option("--unused", b)->group("Numbers");
  app.add_flag("--c", c)->group("Flags");
  app.parse("--b 1 --c --a=2");
  return given_options(app, groups);
}

TEST(GivenOptionsTest, AreInTheOrderOfTheCommand) {
  EXPECT_EQ(given(), (Names{"a", "b", "c"}));
  EXPECT_EQ(given({"Numbers"}), (Names{"a", "b"}));
  EXPECT_EQ(given({"Flags", "Numbers"}), (Names{"a", "b", "c"}));
  EXPECT_TRUE(given({"Others"}).empty());
}

TEST(RefuseOptionsTest, NamesTheFirst) {
  refuse_options({"a", "b"}, {"c", "d"}, "has no effect");
  nets::expect_error(ErrorCode::kUsage, "b: has no effect", [] {
    refuse_options({"a", "b"}, {"c", "b", "a"}, "has no effect");
  });
}

}  // namespace
}  // namespace ebm::cli
