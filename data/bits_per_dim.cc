#include "data/bits_per_dim.h"

#include <numbers>

namespace ebm::data {

double bits_per_dim(double mean_energy, double log_z, std::int64_t dim) {
  constexpr double kBitsOfBinsPerUnit = 7.0;  // log2(256/2)
  return (mean_energy + log_z) / (static_cast<double>(dim) * std::numbers::ln2) +
         kBitsOfBinsPerUnit;
}

}  // namespace ebm::data
