#include "ebm/evaluated_net.h"

#include <cstddef>

namespace ebm {

void add_to(std::vector<std::vector<float>>& gradient, const WeightGradient& term) {
  for (std::size_t i = 0; i < gradient.size(); ++i) {
    for (std::size_t k = 0; k < gradient[i].size(); ++k) gradient[i][k] += term.gradient[i][k];
  }
}

}  // namespace ebm
