#include "metrics/auroc.h"

#include <vector>

#include "metrics/mann_whitney.h"

namespace ebm::metrics {

double auroc(std::span<const float> positives, std::span<const float> negatives) {
  const std::vector<double> a(positives.begin(), positives.end());
  const std::vector<double> b(negatives.begin(), negatives.end());
  return mann_whitney({"positives", a}, {"negatives", b}).probability();
}

}  // namespace ebm::metrics
