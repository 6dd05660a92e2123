#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"
#include "samplers/diagnostics/draws.h"

namespace ebm::samplers {

/// Column `column` of the four chains of tests/samplers/stan.
inline Draws stan_draws(std::size_t column) {
  Draws out{{}, 1000, 4};
  for (int file = 1; file <= 4; ++file) {
    std::ifstream in(EBM_SOURCE_DIR "/tests/samplers/diagnostics/stan/bern" + std::to_string(file) +
                     ".csv");
    std::string line;
    std::getline(in, line);
    while (std::getline(in, line)) {
      std::istringstream cells(line);
      std::string cell;
      for (std::size_t i = 0; i <= column; ++i) std::getline(cells, cell, ',');
      out.values.push_back(std::stod(cell));
    }
  }
  return out;
}

/// Chains of their stationary distribution: x_i = ρ·x_{i−1} + ξ, ξ ~ N(0, 1), of variance
/// 1/(1 − ρ²) and autocorrelation ρ^t; ρ = 0: independent.
inline Draws autoregressive(double rho, std::int64_t n_draws, std::int64_t n_chains,
                            std::uint64_t seed) {
  Draws out{{}, n_draws, n_chains};
  for (std::int64_t c = 0; c < n_chains; ++c) {
    base::RandomStream random({.seed = seed}, static_cast<std::uint64_t>(c));
    double x = random.next_normal() / std::sqrt(1.0 - rho * rho);
    for (std::int64_t i = 0; i < n_draws; ++i) {
      out.values.push_back(x);
      x = rho * x + random.next_normal();
    }
  }
  return out;
}

inline Draws single_chain(std::vector<double> values) {
  const std::int64_t n = std::ssize(values);
  return {std::move(values), n, 1};
}

}  // namespace ebm::samplers
