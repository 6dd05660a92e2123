#pragma once

#include <cstdio>
#include <string>
#include <vector>

#include "app/json_text.h"
#include "base/printed.h"

namespace ebm::app {

/// base::printed() to stdout: a number that is not finite is a word, and a text is one line.
void print(const char* format, const auto&... values) {
  std::fputs(base::printed(format, values...).c_str(), stdout);
}

/// Prints a line of warning to stderr, "ebm: LINE", and keeps it; once, as for a folder that is
/// read for two things.
void print_warning(const std::string& line);
void print_warnings(const std::vector<std::string>& lines);

/// Prints a line that is no warning to stderr, "ebm: LINE".
void print_note(const std::string& line);

/// Keeps what something else has printed.
void keep_warnings(const std::vector<std::string>& lines);

/// All lines that were kept, in their order.
const std::vector<std::string>& kept_warnings();

/// Prints the document of --json. Its "warnings" are all lines that were kept.
template <class Json>
void print_json(Json document) {
  document["warnings"] = kept_warnings();
  std::printf("%s\n", json_text(document).c_str());
}

}  // namespace ebm::app
