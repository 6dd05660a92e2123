#include "samplers/kernel.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/number_text.h"

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

StepInfo& StepInfo::operator+=(StepInfo later) {
  n_steps += later.n_steps;
  non_finite = std::move(later.non_finite);
  if (lanes.empty()) {
    lanes = std::move(later.lanes);
  } else {
    for (std::size_t i = 0; i < later.lanes.size(); ++i) lanes[i] += later.lanes[i];
  }
  return *this;
}

std::string step_size_hint(float step_size) {
  return "step_size " + base::number_text(step_size) +
         " is too large for this energy: take a smaller one";
}

std::optional<NonFinite> evaluate_start(const ChainBlocks& chains, Evaluator& evaluator,
                                        std::uint64_t step, std::vector<ChainInfo>& lanes) {
  const auto& evaluated = chains.evaluated;
  if (std::find(evaluated.begin(), evaluated.end(), 0) == evaluated.end()) return std::nullopt;
  evaluator.evaluate({chains.n_blocks, chains.x, chains.context}, chains.energy,
                     chains.energy_grad);
  for (ChainInfo& lane : lanes) ++lane.n_gradients;
  std::optional<NonFinite> found = find_non_finite(chains, step);
  // Not marked if non-finite: a second call has to find it again.
  std::fill(evaluated.begin(), evaluated.end(), found ? 0 : 1);
  return found;
}

}  // namespace ebm::samplers
