#include "samplers/diagnostics/e_bfmi.h"

#include <limits>

#include "samplers/diagnostics/spread.h"

namespace ebm::samplers {

std::vector<double> e_bfmi(const DrawsView& energies) {
  std::vector<double> out;
  for (std::int64_t c = 0; c < energies.n_chains(); ++c) {
    const auto chain = energies.chain(c);
    if (!is_diagnosable({chain, energies.n_draws(), 1})) {
      out.push_back(std::numeric_limits<double>::quiet_NaN());
      continue;
    }
    double moved = 0.0;
    for (std::size_t i = 1; i < chain.size(); ++i) {
      moved += (chain[i] - chain[i - 1]) * (chain[i] - chain[i - 1]);
    }
    out.push_back(moved / (moments(chain).variance * static_cast<double>(chain.size() - 1)));
  }
  return out;
}

}  // namespace ebm::samplers
