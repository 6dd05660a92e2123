#pragma once

#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "samplers/energy.h"

namespace ebm::samplers {

using Point = std::vector<double>;

/// An energy, its formula written out in double precision, and where to look at it.
struct EnergyCase {
  std::string name;
  std::shared_ptr<const Energy> energy;
  double (*formula)(const Point& x);
  double scale = 1.5;   // points are centre + scale·(−1 to 1)
  double centre = 0.0;  // of every coordinate

  /// 37 states, row-major [37, dim]: two full blocks and a ragged one.
  std::vector<float> points() const;
};

// GoogleTest calls it by this name. NOLINTNEXTLINE(readability-identifier-naming)
inline void PrintTo(const EnergyCase& the, std::ostream* out) { *out << the.name; }

/// Every analytic energy.
const std::vector<EnergyCase>& energy_cases();

/// 3 visible and 4 hidden units, sd 0.8, with numbers that no symmetry hides.
struct RbmNumbers {
  double weight(int i, int j) const;
  double visible_bias(int i) const;
  double hidden_bias(int j) const;
  static constexpr int kVisible = 3, kHidden = 4;
  static constexpr double kSd = 0.8;
};

}  // namespace ebm::samplers
