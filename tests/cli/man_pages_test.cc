#include "cli/man_pages.h"

#include <gtest/gtest.h>

#include "tests/cli/example_app.h"

namespace ebm::cli {
namespace {

std::string page(const std::string& file) {
  const ExampleApp example;
  for (const ManPage& page : man_pages(example.app)) {
    if (page.file == file) return page.text;
  }
  ADD_FAILURE() << "no page " << file;
  return "";
}

void expect_part(const std::string& text, const std::string& part) {
  EXPECT_NE(text.find(part), std::string::npos) << part << "\nis not in\n" << text;
}

TEST(ManPagesTest, EachCommandHasOne) {
  const ExampleApp example;
  std::vector<std::string> files;
  for (const ManPage& page : man_pages(example.app)) files.push_back(page.file);
  EXPECT_EQ(files,
            (std::vector<std::string>{"ebm.1", "ebm-draw.1", "ebm-gan.1", "ebm-gan-train.1"}));
}

TEST(ManPagesTest, APageHasTheSectionsOfItsCommand) {
  const std::string text = page("ebm-draw.1");
  expect_part(text, ".TH \"ebm\\-draw\" 1 \"\" \"ebm 1.2.3\" \"ebm\"\n");
  expect_part(text, ".SH \"NAME\"\nebm\\-draw \\- It's a draw\n");
  expect_part(text, ".SH \"SYNOPSIS\"\n.B ebm draw\n[OPTIONS] FILE\n");
  expect_part(text, ".SH \"ARGUMENTS\"\n.TP\n\\fBFILE\\fR (required)\na file\n");
  expect_part(text, ".TP\n\\fB\\-n\\fR, \\fB\\-\\-count\\fR \\fIINT\\fR\nnumber: of draws [5]\n");
  expect_part(text, ".TP\n\\fB\\-\\-json\\fR\nprint JSON\n");
  expect_part(text, ".SH \"EXAMPLES\"\n.in 0\n.nf\n");
  expect_part(text, "ebm draw \\-n 3 x");
  expect_part(text, ".SH \"SEE ALSO\"\n.BR ebm (1)\n");
}

TEST(ManPagesTest, APageOfCommandsListsThem) {
  const std::string text = page("ebm-gan.1");
  expect_part(text, "[OPTIONS] COMMAND\n");
  expect_part(text, ".SH \"COMMANDS\"\n.TP\n\\fBebm\\-gan\\-train\\fR(1)\nTrain one\n");
  expect_part(page("ebm-gan-train.1"), ".BR ebm\\-gan (1)\n");
}

}  // namespace
}  // namespace ebm::cli
