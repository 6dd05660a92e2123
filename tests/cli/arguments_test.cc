#include "cli/arguments.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/base/system/scoped_home.h"
#include "tests/cli/example_app.h"
#include "tests/nets/expect_error.h"

namespace ebm::cli {
namespace {

using Words = std::vector<std::string>;

Words seen(const Words& given) {
  ExampleApp example;
  example.app.require_subcommand(1);
  example.app.get_subcommand("gan")->require_subcommand(1);
  std::vector<const char*> argv{"ebm"};
  for (const std::string& word : given) argv.push_back(word.c_str());
  return arguments_of(example.app, static_cast<int>(argv.size()), argv.data());
}

TEST(ArgumentsTest, StayAsTheyAre) {
  EXPECT_EQ(seen({"draw", "--count", "3", "x"}), (Words{"draw", "--count", "3", "x"}));
  EXPECT_EQ(seen({"draw", "--", "--help"}), (Words{"draw", "--", "--help"}));
}

TEST(ArgumentsTest, HelpOfACommandIsAnOptionOfIt) {
  EXPECT_EQ(seen({"help"}), (Words{"--help"}));
  EXPECT_EQ(seen({"help", "draw"}), (Words{"draw", "--help"}));
  EXPECT_EQ(seen({"help", "gan", "train"}), (Words{"gan", "train", "--help"}));
  EXPECT_EQ(seen({"help", "gan"}), (Words{"gan", "--help"}));
  nets::expect_error(ErrorCode::kUsage, "unknown command gna; did you mean gan?; see ebm --help",
                     [] {
                       seen({"help", "gna"});
                     });
  nets::expect_error(ErrorCode::kUsage, "see ebm gan --help", [] { seen({"help", "gan", "x"}); });
}

TEST(ArgumentsTest, ACommandThatOnlyGroupsOthersShowsItsHelp) {
  EXPECT_EQ(seen({}), (Words{"--help"}));
  EXPECT_EQ(seen({"gan"}), (Words{"gan", "--help"}));
  EXPECT_EQ(seen({"draw"}), (Words{"draw"}));
}

// CLI11 would look at the values of options first.
TEST(ArgumentsTest, HelpComesBeforeWhateverElseIsWrong) {
  EXPECT_EQ(seen({"draw", "--count=", "many", "--help"}), (Words{"draw", "--help"}));
  EXPECT_EQ(seen({"gan", "train", "x", "-h"}), (Words{"gan", "train", "--help"}));
}

// CLI11 takes the argument after `--count=` for its value.
TEST(ArgumentsTest, AnOptionWithoutAValueIsRefused) {
  nets::expect_error(ErrorCode::kUsage, "count = : must not be empty; see ebm draw --help", [] {
    seen({"draw", "--count=", "x"});
  });
  EXPECT_EQ(seen({"draw", "--", "--count="}), (Words{"draw", "--", "--count="}));
}

// CLI11 takes the next option for the value of `--count`, and `--out --resume` would make a folder
// of that name.
TEST(ArgumentsTest, AnOptionIsNoValueOfTheOneBeforeIt) {
  nets::expect_error(ErrorCode::kUsage,
                     "count: has no value, as --json is an option; if it is meant, give "
                     "--count=--json; see ebm draw --help",
                     [] {
                       seen({"draw", "x", "--count", "--json"});
                     });
  nets::expect_error(ErrorCode::kUsage, "count: has no value, as --count=3 is an option", [] {
    seen({"draw", "--count", "--count=3"});
  });
  nets::expect_error(ErrorCode::kUsage, "out: has no value, as --out is an option", [] {
    seen({"gan", "train", "--out", "--out", "x"});
  });
  for (const Words& words :
       {Words{"draw", "--count", "-3", "--json"}, Words{"draw", "--count", "x"},
        Words{"draw", "--json", "--count=--json"}, Words{"draw", "--count=3", "--json"},
        Words{"draw", "--count", "--jsn"}, Words{"draw", "--count"},
        Words{"draw", "--", "--count", "--json"}}) {
    EXPECT_EQ(seen(words), words);
  }
}

TEST(ArgumentsTest, TildeAtTheBeginningOrBehindAnEqualsSignIsHome) {
  const base::ScopedHome home("/home/ann");
  EXPECT_EQ(seen({"draw", "--out=~/x", "features=~"}),
            (Words{"draw", "--out=/home/ann/x", "features=/home/ann"}));
  EXPECT_EQ(seen({"draw", "~/x", "--out", "~"}),
            (Words{"draw", "/home/ann/x", "--out", "/home/ann"}));
  for (const std::string word :
       {"~ann/x", "./~/x", "a/b=~/x", "npy:x=~/x", "two words=~/x", "a=b=~/x"}) {
    EXPECT_EQ(seen({"draw", word}), (Words{"draw", word}));
  }
}

TEST(ArgumentsTest, WhatIsReadIsNotWrittenOver) {
  namespace fs = std::filesystem;
  const fs::path folder = fs::path(testing::TempDir()) / "ebm-arguments-test";
  fs::create_directories(folder);
  const std::string x = (folder / "x.npy").string(), same = (folder / "." / "x.npy").string();
  std::ofstream(x) << "x";
  fs::create_symlink("x.npy", folder / "link.npy");
  const auto refuse = [&](const Words& words, const std::string& input) {
    nets::expect_error(ErrorCode::kUsage, ": is read by " + input + "; give another file",
                       [&] { seen(words); });
  };
  refuse({"draw", "npy:" + x, "--out", same}, "npy:" + x);
  refuse({"draw", "--out=" + x, "--data=npy:" + same + "#limit=3"},
         "--data=npy:" + same + "#limit=3");
  refuse({"draw", "npy:" + x + "#limit=3", "--out", x}, "npy:" + x + "#limit=3");
  refuse({"draw", (folder / "link.npy").string(), "--out", x}, (folder / "link.npy").string());
  for (const Words& words :
       {Words{"draw", "npy:" + x, "--out", (folder / "y.npy").string()},
        Words{"draw", "--init", x, "--out", x}, Words{"draw", "--init=" + x, "--out=" + x},
        Words{"draw", folder.string(), "--out", folder.string()}, Words{"draw", "--out", x}}) {
    EXPECT_EQ(seen(words), words);
  }
  fs::remove_all(folder);
}

}  // namespace
}  // namespace ebm::cli
