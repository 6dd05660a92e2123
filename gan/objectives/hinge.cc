#include <algorithm>

#include "gan/objectives/objective_parts.h"

namespace ebm::gan {

/// Hinge: L_D = mean max(0, 1 − d(x)) + mean max(0, 1 + d(y)),   L_G = −mean d(y).
/// Source: Lim & Ye 2017, "Geometric GAN"; Miyato et al. 2018.
std::unique_ptr<const Objective> make_hinge() {
  return make_sum_of_terms(
      {.real = {[](double d) { return std::max(0.0, 1.0 - d); },
                [](double d) { return d < 1.0 ? -1.0 : 0.0; }},
       .fake = {[](double d) { return std::max(0.0, 1.0 + d); },
                [](double d) { return d > -1.0 ? 1.0 : 0.0; }},
       .generator = {[](double d) { return -d; }, [](double) { return -1.0; }}});
}

}  // namespace ebm::gan
