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

/// --count is one of few numbers or toy:..., FILE a name or a file.
OfferedValues example_values(const std::string& command, const std::string& option) {
  if (command == "ebm draw" && option == "--count") return {{"12", "13", "toy:a", "toy:b"}, false};
  if (command == "ebm draw" && option == "FILE") return {{"fashion-mnist"}};
  return {};
}

/// What bash offers after `line`, whose last word is being written.
std::string offered_by_bash(const std::string& line, const ValuesOf& values_of = {}) {
  const ExampleApp example;
  const auto path =
      std::filesystem::path(testing::TempDir()) /
      (std::string(testing::UnitTest::GetInstance()->current_test_info()->name()) + ".bash");
  std::ofstream(path) << completion_script(Shell::kBash, example.app, values_of) << "COMP_WORDS=("
                      << line << ")\nCOMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n_ebm\n"
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

TEST(CompletionTest, BashOffersValues) {
  EXPECT_EQ(offered_by_bash("ebm draw --count ''", example_values), "12 13 toy:a toy:b");
  EXPECT_EQ(offered_by_bash("ebm draw -n 1", example_values), "");  // -n has none: files
  EXPECT_EQ(offered_by_bash("ebm draw --count = 13", example_values), "13");
  // bash makes three words of "toy:b", and replaces the last of them.
  EXPECT_EQ(offered_by_bash("ebm draw --count toy : b", example_values), "b");
  EXPECT_EQ(offered_by_bash("ebm draw --count toy :", example_values), "a b");
  EXPECT_EQ(offered_by_bash("ebm draw fash", example_values), "fashion-mnist");
  EXPECT_EQ(offered_by_bash("ebm draw /bin/fals", example_values), "/bin/false");
  EXPECT_EQ(offered_by_bash("ebm draw --c", example_values), "--count");
}

TEST(CompletionTest, OtherShellsHaveValues) {
  const ExampleApp example;
  const std::string zsh = completion_script(Shell::kZsh, example.app, example_values);
  EXPECT_NE(zsh.find("('ebm draw --count') values=(12 13 toy:a toy:b) files= ;;\n"),
            std::string::npos);
  const std::string fish = completion_script(Shell::kFish, example.app, example_values);
  EXPECT_NE(fish.find("-s n -l count -f -a '12 13 toy:a toy:b' -r -d"), std::string::npos);
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
