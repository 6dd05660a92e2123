#include "samplers/diagnostics/quantile.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "base/error.h"
#include "base/number_text.h"

namespace ebm::samplers {

std::vector<double> quantiles(const DrawsView& draws, std::span<const double> p) {
  for (std::size_t i = 0; i < p.size(); ++i) {
    const double low = i == 0 ? 0.0 : p[i - 1];
    if (p[i] >= low && p[i] <= 1.0) continue;
    throw Error(ErrorCode::kUsage, "p = " + base::number_text(p[i]) + ": must be from " +
                                       base::number_text(low) + " to 1");
  }
  std::vector<double> out(p.size(), std::numeric_limits<double>::quiet_NaN());
  std::vector<double> values(draws.values().begin(), draws.values().end());
  if (values.empty() ||
      std::any_of(values.begin(), values.end(), [](double x) { return std::isnan(x); })) {
    return out;
  }
  // Each selection leaves what is above it to the right, where the next one goes on.
  auto from = values.begin();
  for (std::size_t i = 0; i < p.size(); ++i) {
    const double h = static_cast<double>(values.size() - 1) * p[i];
    const auto at = values.begin() + static_cast<std::int64_t>(h);
    if (at >= from) std::nth_element(from, at, values.end());
    from = at;
    const double fraction = h - std::floor(h);
    out[i] = *at;
    if (fraction > 0.0) out[i] += fraction * (*std::min_element(at + 1, values.end()) - *at);
  }
  return out;
}

}  // namespace ebm::samplers
