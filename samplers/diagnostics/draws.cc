#include "samplers/diagnostics/draws.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "base/error.h"

namespace ebm::samplers {
namespace {

bool all_finite(const DrawsView& draws) {
  return std::all_of(draws.values().begin(), draws.values().end(),
                     [](double x) { return std::isfinite(x); });
}

/// True if there is no draw.
bool is_constant(const DrawsView& draws) {
  return std::all_of(draws.values().begin(), draws.values().end(),
                     [&](double x) { return x == draws.values().front(); });
}

}  // namespace

DrawsView::DrawsView(std::span<const double> values, std::int64_t n_draws, std::int64_t n_chains)
    : values_(values), n_draws_(n_draws), n_chains_(n_chains) {
  if (n_draws < 0 || n_chains < 0 || std::ssize(values) != n_draws * n_chains) {
    throw Error(ErrorCode::kShape, std::to_string(values.size()) +
                                       " draws: must be n_chains = " + std::to_string(n_chains) +
                                       " times n_draws = " + std::to_string(n_draws));
  }
}

Draws split_halves(const DrawsView& draws) {
  const std::int64_t half = draws.n_draws() / 2;
  Draws out{{}, half, 2 * draws.n_chains()};
  out.values.reserve(static_cast<std::size_t>(out.n_draws * out.n_chains));
  for (std::int64_t c = 0; c < draws.n_chains(); ++c) {
    const auto chain = draws.chain(c);
    out.values.insert(out.values.end(), chain.begin(), chain.begin() + half);
    out.values.insert(out.values.end(), chain.end() - half, chain.end());
  }
  return out;
}

DrawsState state_of(const DrawsView& draws) {
  if (draws.n_draws() < kMinDraws || draws.n_chains() == 0) return DrawsState::kTooFew;
  if (!all_finite(draws)) return DrawsState::kNonFinite;
  return is_constant(draws) ? DrawsState::kConstant : DrawsState::kDiagnosable;
}

bool is_diagnosable(const DrawsView& draws) { return state_of(draws) == DrawsState::kDiagnosable; }

bool is_varied(const DrawsView& draws) { return all_finite(draws) && !is_constant(draws); }

}  // namespace ebm::samplers
