#include "metrics/wasserstein/wasserstein_1d.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/number_text.h"

namespace ebm::metrics {
namespace {

std::vector<double> sorted(const std::string& name, std::span<const float> values) {
  if (values.empty()) {
    throw Error(ErrorCode::kShape, name + " holds no number: must hold at least one");
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) {
      throw Error(ErrorCode::kBadData, name + "[" + std::to_string(i) + "] = " +
                                           base::number_text(static_cast<double>(values[i])) +
                                           ": must be finite");
    }
  }
  std::vector<double> out(values.begin(), values.end());
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

double wasserstein_1d_power(std::span<const double> a, std::span<const double> b, double p) {
  const auto cost = [p](double x) { return p == 1.0 ? std::abs(x) : std::pow(std::abs(x), p); };
  const std::int64_t n = std::ssize(a), m = std::ssize(b);
  // In units of 1/(n·m): every number of a has mass m, every one of b mass n, so that where a step
  // ends is known exactly.
  double sum = 0.0;
  std::int64_t left_a = m, left_b = n;
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    const std::int64_t mass = std::min(left_a, left_b);
    sum += static_cast<double>(mass) * cost(a[i] - b[j]);
    left_a -= mass;
    left_b -= mass;
    if (left_a == 0) {
      ++i;
      left_a = m;
    }
    if (left_b == 0) {
      ++j;
      left_b = n;
    }
  }
  return sum / (static_cast<double>(n) * static_cast<double>(m));
}

void require_wasserstein_order(double p) {
  if (p >= 1.0 && std::isfinite(p)) return;
  throw Error(ErrorCode::kUsage, "p = " + base::number_text(p) + ": must be 1 or more, finite");
}

double wasserstein_1d(std::span<const float> a, std::span<const float> b, double p) {
  require_wasserstein_order(p);
  const double power =
      wasserstein_1d_power(sorted("the first set", a), sorted("the second set", b), p);
  return p == 1.0 ? power : std::pow(power, 1.0 / p);
}

}  // namespace ebm::metrics
