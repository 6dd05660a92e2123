#include "landscape/adjusted_rand_index.h"

#include <map>
#include <string>
#include <utility>

#include "base/error.h"

namespace ebm::landscape {
namespace {

double pairs(std::int64_t n) { return 0.5 * static_cast<double>(n) * static_cast<double>(n - 1); }

template <class Key>
double pairs_within(const std::map<Key, std::int64_t>& sizes) {
  double sum = 0.0;
  for (const auto& [part, n] : sizes) sum += pairs(n);
  return sum;
}

}  // namespace

double adjusted_rand_index(std::span<const std::int64_t> a, std::span<const std::int64_t> b) {
  if (a.size() != b.size() || a.empty()) {
    throw Error(ErrorCode::kShape, "adjusted rand index: partitions of " +
                                       std::to_string(a.size()) + " and " +
                                       std::to_string(b.size()) + " items");
  }
  std::map<std::int64_t, std::int64_t> of_a, of_b;
  std::map<std::pair<std::int64_t, std::int64_t>, std::int64_t> of_both;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ++of_a[a[i]];
    ++of_b[b[i]];
    ++of_both[{a[i], b[i]}];
  }
  const double in_a = pairs_within(of_a), in_b = pairs_within(of_b);
  const double all = pairs(static_cast<std::int64_t>(a.size()));
  const double expected = all > 0.0 ? in_a * in_b / all : 0.0;
  const double most = 0.5 * (in_a + in_b);
  if (most == expected) return 1.0;
  return (pairs_within(of_both) - expected) / (most - expected);
}

}  // namespace ebm::landscape
