#include "base/json_nesting.h"

#include <algorithm>

namespace ebm::base {

bool nests_deeper(std::string_view json, int limit) {
  int depth = 0, deepest = 0;
  walk_outside_strings(json, [&](char c) {
    if (c == '[' || c == '{') deepest = std::max(deepest, ++depth);
    if (c == ']' || c == '}') --depth;
    return deepest <= limit;
  });
  return deepest > limit;
}

}  // namespace ebm::base
