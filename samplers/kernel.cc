#include "samplers/kernel.h"

#include <limits>

namespace ebm::samplers {

double ChainInfo::acceptance() const {
  if (n_transitions == 0) return std::numeric_limits<double>::quiet_NaN();
  return static_cast<double>(acceptance_units) * 0x1p-24 / static_cast<double>(n_transitions);
}

ChainInfo& ChainInfo::operator+=(const ChainInfo& later) {
  n_transitions += later.n_transitions;
  n_accepted += later.n_accepted;
  n_gradients += later.n_gradients;
  n_non_finite += later.n_non_finite;
  n_divergent += later.n_divergent;
  n_swaps_proposed += later.n_swaps_proposed;
  n_swaps += later.n_swaps;
  acceptance_units += later.acceptance_units;
  hamiltonian = later.hamiltonian;
  return *this;
}

}  // namespace ebm::samplers
