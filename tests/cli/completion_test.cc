#include "cli/completion.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/cli/example_app.h"

namespace ebm::cli {
namespace {

/// What bash offers after `line`, whose last word is being written.
std::string offered_by_bash(const std::string& line) {
  const ExampleApp example;
  const auto path =
      std::filesystem::path(testing::TempDir()) /
      (std::string(testing::UnitTest::GetInstance()->current_test_info()->name()) + ".bash");
  std::ofstream(path) << completion_script(Shell::kBash, example.app) << "COMP_WORDS=(" << line
                      << ")\nCOMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n_ebm\n"
                      << "echo -n \"${COMPREPLY[*]}\"\n";
  FILE* pipe = popen(("bash '" + path.string() + "'").c_str(), "r");
  std::string text;
  std::array<char, 256> part{};
  for (std::size_t n; (n = std::fread(part.data(), 1, part.size(), pipe)) > 0;) {
    text.append(part.data(), n);
  }
  EXPECT_EQ(pclose(pipe), 0);
  std::filesystem::remove(path);
  return text;
}

TEST(CompletionTest, BashOffersCommandsAndOptions) {
  EXPECT_EQ(offered_by_bash("ebm ''"), "draw gan");
  EXPECT_EQ(offered_by_bash("ebm d"), "draw");
  EXPECT_EQ(offered_by_bash("ebm gan ''"), "train");
  EXPECT_EQ(offered_by_bash("ebm draw --c"), "--count");
  EXPECT_EQ(offered_by_bash("ebm draw -n 3 --j"), "--json");
  EXPECT_EQ(offered_by_bash("ebm gan train --o"), "--out");
  EXPECT_EQ(offered_by_bash("ebm draw ''"), "");  // files
}

TEST(CompletionTest, ZshHasDescriptionsQuoted) {
  const ExampleApp example;
  const std::string script = completion_script(Shell::kZsh, example.app);
  EXPECT_EQ(script.substr(0, 13), "#compdef ebm\n");
  EXPECT_NE(script.find(" 'draw:It'\\''s a draw'"), std::string::npos);
  EXPECT_NE(script.find(" '--count:number: of draws'"), std::string::npos);
}

TEST(CompletionTest, FishSaysWhichOptionsTakeAValue) {
  const ExampleApp example;
  const std::string script = completion_script(Shell::kFish, example.app);
  const std::string draw = "complete -c ebm -n 'test (__ebm_command) = \"ebm draw\"' ";
  EXPECT_NE(script.find(draw + "-s n -l count -r -d 'number: of draws'\n"), std::string::npos);
  EXPECT_NE(script.find(draw + "-l json -d 'print JSON'\n"), std::string::npos);
  EXPECT_NE(script.find("-f -a draw -d 'It\\'s a draw'\n"), std::string::npos);
}

}  // namespace
}  // namespace ebm::cli
