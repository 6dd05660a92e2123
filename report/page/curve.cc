#include "report/page/curve.h"

#include <algorithm>
#include <cmath>

namespace ebm::report {

Curve make_curve(std::span<const std::int64_t> iterations, std::span<const double> values,
                 std::int64_t most) {
  Curve all;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) continue;
    all.iterations.push_back(iterations[i]);
    all.values.push_back(values[i]);
  }
  const std::size_t n = all.values.size(), n_parts = static_cast<std::size_t>(most) / 2;
  if (n <= static_cast<std::size_t>(most) || n_parts == 0) return all;
  std::vector<std::size_t> kept{0, n - 1};
  for (std::size_t part = 0; part < n_parts; ++part) {
    const auto begin = all.values.begin() + static_cast<std::ptrdiff_t>(n * part / n_parts);
    const auto end = all.values.begin() + static_cast<std::ptrdiff_t>(n * (part + 1) / n_parts);
    const auto [low, high] = std::minmax_element(begin, end);
    kept.push_back(static_cast<std::size_t>(low - all.values.begin()));
    kept.push_back(static_cast<std::size_t>(high - all.values.begin()));
  }
  std::ranges::sort(kept);
  kept.erase(std::unique(kept.begin(), kept.end()), kept.end());
  Curve thin;
  for (const std::size_t i : kept) {
    thin.iterations.push_back(all.iterations[i]);
    thin.values.push_back(all.values[i]);
  }
  return thin;
}

std::vector<std::size_t> evenly_chosen(std::size_t size, std::size_t n) {
  std::vector<std::size_t> chosen;
  if (size == 0 || n == 0) return chosen;
  if (n == 1) return {size - 1};
  n = std::min(n, size);
  for (std::size_t i = 0; i < n; ++i) {
    chosen.push_back(n == 1 ? 0 : (i * (size - 1) + (n - 1) / 2) / (n - 1));
  }
  return chosen;
}

}  // namespace ebm::report
