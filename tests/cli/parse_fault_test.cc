#include "cli/parse_fault.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "tests/cli/example_app.h"

namespace ebm::cli {
namespace {

/// What is said of arguments that do not parse; the last line of CLI11's own if they do.
std::string fault_of(std::vector<std::string> arguments) {
  ExampleApp example;
  std::reverse(arguments.begin(), arguments.end());  // as CLI11 takes them
  try {
    example.app.parse(std::move(arguments));
  } catch (const CLI::ParseError& error) {
    return parse_fault(example.app, error.what()) + see_help(chosen_command(example.app));
  }
  return "no fault";
}

TEST(ParseFaultTest, NamesTheNearestCommandAndOption) {
  EXPECT_EQ(fault_of({"draw", "--count", "3", "x"}), "no fault");
  EXPECT_EQ(fault_of({"drwa"}), "unknown command drwa; did you mean draw?; see ebm --help");
  EXPECT_EQ(fault_of({"gan", "trian"}),
            "unknown command trian; did you mean train?; see ebm gan --help");
  EXPECT_EQ(fault_of({"draw", "--cuont", "3", "x"}),
            "unknown option --cuont; did you mean --count?; see ebm draw --help");
}

// CLI11 tells of the missing argument first.
TEST(ParseFaultTest, AMistypedOptionComesBeforeAMissingOne) {
  EXPECT_EQ(fault_of({"gan", "train", "--uot=x"}),
            "unknown option --uot; did you mean --out?; see ebm gan train --help");
}

TEST(ParseFaultTest, SaysThatAnArgumentIsGivenWithoutAName) {
  EXPECT_EQ(fault_of({"draw", "--file", "x"}),
            "unknown option --file; FILE is given without it: ebm draw FILE; see ebm draw --help");
}

}  // namespace
}  // namespace ebm::cli
