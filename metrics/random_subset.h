#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "metrics/features.h"

namespace ebm::metrics {

/// Which of the two sets of a metric a subset is drawn from: each set has draws of its own.
enum class SubsetOf : std::uint64_t { kReference = 0, kSamples = 1 };

/// `size` different rows of n, every choice equally likely, in the order drawn. A function of the
/// arguments alone.
/// @param index  of the subset; subsets of one seed are independent
/// @throws Error(kUsage) unless 0 <= size <= n.
std::vector<std::int64_t> random_subset(std::int64_t n, std::int64_t size, std::uint64_t seed,
                                        std::uint64_t index, SubsetOf of);

/// @throws Error(kUsage) naming the option `name`, unless `size` is from `least` to the rows of
///         both sets.
void require_subset_size(const std::string& name, std::int64_t size, std::int64_t least,
                         const FeatureView& reference, const FeatureView& samples);

}  // namespace ebm::metrics
