#include "evaluation/classification/calibration.h"

#include <algorithm>
#include <cmath>

#include "base/require.h"

namespace ebm::evaluation {

Calibration calibrate(std::span<const double> confidence, const std::vector<bool>& is_right) {
  base::require_at_least("predictions", static_cast<std::int64_t>(confidence.size()), 1);
  base::require_size("is_right", is_right.size(), static_cast<std::int64_t>(confidence.size()),
                     "one for each confidence");
  Calibration found{.bins = std::vector<Calibration::Bin>(Calibration::kBins), .ece = 0.0};
  for (std::size_t i = 0; i < confidence.size(); ++i) {
    const auto above = static_cast<std::int64_t>(
        std::ceil(confidence[i] * static_cast<double>(Calibration::kBins)));
    const std::int64_t b = std::clamp<std::int64_t>(above - 1, 0, Calibration::kBins - 1);
    Calibration::Bin& bin = found.bins[static_cast<std::size_t>(b)];
    ++bin.n;
    bin.confidence += confidence[i];
    bin.accuracy += is_right[i] ? 1.0 : 0.0;
  }
  for (Calibration::Bin& bin : found.bins) {
    if (bin.n == 0) continue;
    found.ece += std::abs(bin.accuracy - bin.confidence) / static_cast<double>(confidence.size());
    bin.confidence /= static_cast<double>(bin.n);
    bin.accuracy /= static_cast<double>(bin.n);
  }
  return found;
}

}  // namespace ebm::evaluation
