#include "landscape/renumber.h"

#include <algorithm>

#include "landscape/flow_network.h"

namespace ebm::landscape {

std::int64_t renumber(std::vector<std::int64_t>& states) {
  if (states.empty()) return 0;
  std::vector<std::int64_t> names(at(*std::max_element(states.begin(), states.end()) + 1), -1);
  std::int64_t n = 0;
  for (std::int64_t& state : states) {
    std::int64_t& name = names[at(state)];
    if (name < 0) name = n++;
    state = name;
  }
  return n;
}

}  // namespace ebm::landscape
