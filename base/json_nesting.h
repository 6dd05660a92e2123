#pragma once

#include <string_view>

namespace ebm::base {

/// No JSON file of this program nests objects and lists deeper than this.
inline constexpr int kMaxJsonNesting = 16;

/// Whether `json` opens more than `limit` brackets inside each other. Asked before text from a file
/// is parsed: what copies, compares, prints or destroys a document calls itself for each level, and
/// a small file could use up the stack. Text that is no JSON gets an answer, too.
bool nests_deeper(std::string_view json, int limit = kMaxJsonNesting);

}  // namespace ebm::base
