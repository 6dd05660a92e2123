#pragma once

#include <span>
#include <vector>

#include "nets/compiled/rows.h"

namespace ebm {

/// Some rows, and then others, with their contexts.
class JoinedRows {
 public:
  JoinedRows(const nets::Rows& first, const nets::Rows& second)
      : x_(joined(first.x, second.x)), context_(joined(first.context, second.context)) {}
  nets::Rows all() const { return {x_, context_}; }

 private:
  static std::vector<float> joined(std::span<const float> first, std::span<const float> second) {
    std::vector<float> all(first.begin(), first.end());
    all.insert(all.end(), second.begin(), second.end());
    return all;
  }
  std::vector<float> x_, context_;
};

}  // namespace ebm
