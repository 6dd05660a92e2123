#include "metrics/mann_whitney.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "base/error.h"

namespace ebm::metrics {
namespace {

std::vector<double> sorted(const NamedNumbers& numbers) {
  const auto& [name, values] = numbers;
  if (values.empty()) {
    throw Error(ErrorCode::kShape, name + " hold no number: must hold at least one");
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isnan(values[i])) {
      throw Error(ErrorCode::kBadData,
                  name + "[" + std::to_string(i) + "] = nan: must be a number");
    }
  }
  std::vector<double> out(values.begin(), values.end());
  std::sort(out.begin(), out.end());
  return out;
}

/// How many numbers from `at` on equal `value`; moves `at` behind them.
std::int64_t take_equal(const std::vector<double>& values, std::size_t& at, double value) {
  const std::size_t first = at;
  while (at < values.size() && values[at] == value) ++at;
  return static_cast<std::int64_t>(at - first);
}

}  // namespace

double MannWhitney::probability() const {
  return static_cast<double>(twice_u) / (2.0 * static_cast<double>(n_a) * static_cast<double>(n_b));
}

double MannWhitney::z_score() const {
  const auto a = static_cast<double>(n_a), b = static_cast<double>(n_b);
  const double n = a + b;
  const double variance = a * b / 12.0 * (n + 1.0 - tie_term / (n * (n - 1.0)));
  if (!(variance > 0.0)) return std::numeric_limits<double>::quiet_NaN();
  return 0.5 * (static_cast<double>(twice_u) - a * b) / std::sqrt(variance);
}

MannWhitney mann_whitney(const NamedNumbers& a, const NamedNumbers& b) {
  const std::vector<double> a_sorted = sorted(a);
  const std::vector<double> b_sorted = sorted(b);
  MannWhitney out{.n_a = std::ssize(a_sorted), .n_b = std::ssize(b_sorted)};
  std::size_t at_a = 0, at_b = 0;
  while (at_a < a_sorted.size() || at_b < b_sorted.size()) {
    const double value = at_b == b_sorted.size()   ? a_sorted[at_a]
                         : at_a == a_sorted.size() ? b_sorted[at_b]
                                                   : std::min(a_sorted[at_a], b_sorted[at_b]);
    const auto n_below = static_cast<std::int64_t>(at_b);
    const std::int64_t in_a = take_equal(a_sorted, at_a, value);
    const std::int64_t in_b = take_equal(b_sorted, at_b, value);
    out.twice_u += in_a * (2 * n_below + in_b);
    const auto tied = static_cast<double>(in_a + in_b);
    out.tie_term += tied * tied * tied - tied;
  }
  return out;
}

}  // namespace ebm::metrics
