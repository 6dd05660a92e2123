#include "app/print.h"

#include <algorithm>

#include "base/quote.h"

namespace ebm::app {
namespace {

/// Those of this process, which runs one command.
std::vector<std::string>& lines_kept() {
  static std::vector<std::string> lines;
  return lines;
}

}  // namespace

void print_note(const std::string& line) {
  std::fprintf(stderr, "ebm: %s\n", base::one_line(line).c_str());
}

void print_warning(const std::string& line) {
  if (std::ranges::find(lines_kept(), line) != lines_kept().end()) return;
  print_note(line);
  lines_kept().push_back(line);
}

void print_warnings(const std::vector<std::string>& lines) {
  for (const std::string& line : lines) print_warning(line);
}

void keep_warnings(const std::vector<std::string>& lines) {
  lines_kept().insert(lines_kept().end(), lines.begin(), lines.end());
}

const std::vector<std::string>& kept_warnings() { return lines_kept(); }

}  // namespace ebm::app
