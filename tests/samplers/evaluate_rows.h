#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "samplers/run_chains.h"

namespace ebm::samplers {

struct RowValues {
  std::vector<float> energy;       // [n]
  std::vector<float> energy_grad;  // [n, dim]
};

/// Energies and gradients of row-major states [n, dim].
inline RowValues evaluate_rows(const Energy& energy, const std::vector<float>& rows) {
  const auto n = static_cast<std::int64_t>(rows.size()) / energy.dim();
  ChainStore chains(n, energy.dim());
  chains.load_rows(rows);
  evaluate_chains(energy, chains, 2);
  RowValues values{std::vector<float>(static_cast<std::size_t>(n)), {}};
  chains.store_energy(values.energy);
  for (std::int64_t chain = 0; chain < n; ++chain) {
    const auto block = chains.blocks(chain / kLanes, 1);
    for (std::int64_t d = 0; d < energy.dim(); ++d) {
      values.energy_grad.push_back(
          block.energy_grad[static_cast<std::size_t>(d * kLanes + chain % kLanes)]);
    }
  }
  return values;
}

}  // namespace ebm::samplers
