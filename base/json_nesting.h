#pragma once

#include <cstddef>
#include <string_view>

namespace ebm::base {

/// No JSON file of this program nests objects and lists deeper than this.
inline constexpr int kMaxJsonNesting = 16;

/// Calls take(c) with each character of `json` that stands outside of strings, in order, until it
/// returns false. Text that is no JSON is walked through, too.
template <class Take>
void walk_outside_strings(std::string_view json, const Take& take) {
  bool in_string = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (in_string) {
      if (c == '\\') ++i;
      in_string = c != '"';
    } else if (c == '"') {
      in_string = true;
    } else if (!take(c)) {
      return;
    }
  }
}

/// Whether `json` opens more than `limit` brackets inside each other. Asked before text from a file
/// is parsed: what copies, compares, prints or destroys a document calls itself for each level, and
/// a small file could use up the stack. Text that is no JSON gets an answer, too.
bool nests_deeper(std::string_view json, int limit = kMaxJsonNesting);

}  // namespace ebm::base
