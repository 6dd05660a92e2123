#pragma once

#include <cstddef>
#include <vector>

namespace ebm::nets {

/// f'(0) of several functions, f(t) being their values at t, by the central difference of order six
///   (45·(f(h) − f(−h)) − 9·(f(2h) − f(−2h)) + f(3h) − f(−3h))/(60·h).
/// Its error is h⁶·f⁽⁷⁾/140; values rounded by ε put about 1.1·ε/h beside that, as
/// √(2·(45² + 9² + 1))/60 = 1.1.
template <class Function>
std::vector<double> difference_quotients(const Function& f, double h) {
  constexpr double kWeights[] = {45.0, -9.0, 1.0};
  std::vector<double> found;
  for (int i = 1; i <= 3; ++i) {
    const auto above = f(i * h), below = f(-i * h);
    found.resize(above.size());
    for (std::size_t k = 0; k < above.size(); ++k) {
      found[k] += kWeights[i - 1] *
                  (static_cast<double>(above[k]) - static_cast<double>(below[k])) / (60.0 * h);
    }
  }
  return found;
}

}  // namespace ebm::nets
