#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace ebm::report {

/// A figure over iterations, where it has a finite value.
struct Curve {
  std::vector<std::int64_t> iterations{};
  std::vector<double> values{};
};

/// The finite values, with at most about `most` points: of more, the first, the last, and the
/// smallest and the largest of each of most / 2 equal parts, so that no spike is lost.
Curve make_curve(std::span<const std::int64_t> iterations, std::span<const double> values,
                 std::int64_t most);

/// `n` indices or fewer, evenly from the first of `size` to the last, each once; the last alone if
/// n is 1.
std::vector<std::size_t> evenly_chosen(std::size_t size, std::size_t n);

}  // namespace ebm::report
