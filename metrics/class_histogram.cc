#include "metrics/class_histogram.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "base/error.h"
#include "base/require.h"

namespace ebm::metrics {
namespace {

std::vector<double> shares(std::span<const std::int64_t> counts) {
  double total = 0.0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] < 0) {
      throw Error(ErrorCode::kBadData, "reference_counts[" + std::to_string(i) + "] = " +
                                           std::to_string(counts[i]) + ": must be 0 or more");
    }
    total += static_cast<double>(counts[i]);
  }
  if (total == 0.0) {
    throw Error(ErrorCode::kBadData, "reference_counts are all 0: one must be positive");
  }
  std::vector<double> out;
  for (const std::int64_t count : counts) out.push_back(static_cast<double>(count) / total);
  return out;
}

}  // namespace

ClassHistogram class_histogram(std::span<const std::int64_t> labels, std::int64_t n_classes,
                               std::span<const std::int64_t> reference_counts) {
  base::require_at_least("n_classes", n_classes, 1);
  if (labels.empty()) throw Error(ErrorCode::kShape, "labels are empty: must be at least one");
  std::vector<double> reference(static_cast<std::size_t>(n_classes),
                                1.0 / static_cast<double>(n_classes));
  if (!reference_counts.empty()) {
    base::require_size("reference_counts", reference_counts.size(), n_classes, "one per class");
    reference = shares(reference_counts);
  }
  ClassHistogram out{std::vector<std::int64_t>(reference.size()), 0, 0.0, 0.0};
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] < 0 || labels[i] >= n_classes) {
      throw Error(ErrorCode::kBadData, "labels[" + std::to_string(i) +
                                           "] = " + std::to_string(labels[i]) +
                                           ": must be from 0 to " + std::to_string(n_classes - 1));
    }
    ++out.counts[static_cast<std::size_t>(labels[i])];
  }
  out.n_missing = std::count(out.counts.begin(), out.counts.end(), 0);
  for (std::size_t k = 0; k < reference.size(); ++k) {
    if (out.counts[k] == 0) continue;  // p·ln p tends to 0
    const double p = static_cast<double>(out.counts[k]) / static_cast<double>(labels.size());
    out.entropy -= p * std::log(p);
    out.kl_divergence += p * std::log(p / reference[k]);
  }
  return out;
}

}  // namespace ebm::metrics
