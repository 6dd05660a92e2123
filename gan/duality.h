#pragma once

#include <cstdint>
#include <optional>

#include "base/names/choice.h"
#include "data/dataset.h"
#include "gan/critic_estimate.h"
#include "metrics/wasserstein/optimal_transport.h"

namespace ebm::gan {

/// c(x, y) of a transport.
enum class Cost {
  kEuclidean,  ///< |x − y|, whose transport costs W₁
  kSquared,  ///< |x − y|², whose transport costs W₂²: no metric, so that there are no critics
};

inline constexpr base::Choice<Cost> kCosts[] = {{"euclidean", Cost::kEuclidean},
                                                {"squared", Cost::kSquared}};

struct DualityOptions {
  std::optional<std::int64_t> n{};  ///< rows of each set; 256, or all that both have
  Cost cost = Cost::kEuclidean;
  CriticOptions critic{};  ///< its rule is not read; its seed also draws the rows
};

/// The Wasserstein distance of two sets in all of its forms.
struct Duality {
  std::int64_t n = 0, dim = 0;
  metrics::Transport transport{};       ///< primal, and dual of two functions
  double one_function = 0.0;            ///< dual with g = −f
  std::optional<double> closed_form{};  ///< in one dimension
  /// By critics with a gradient penalty and with spectral norms, of a Euclidean cost.
  std::optional<CriticEstimate> penalised{}, held{};
};

/// Measures n rows of each data set, drawn at random.
/// @throws Error(kShape) if the sets have items of different shapes; Error(kUsage) unless 0 < n <=
///         2048 and both have n rows, and for options of the critic; what estimate_by_critic
///         throws.
Duality measure_duality(const data::Dataset& real, const data::Dataset& fake,
                        const DualityOptions& options);

}  // namespace ebm::gan
