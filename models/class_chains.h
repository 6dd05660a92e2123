#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/open_model.h"

namespace ebm::models {

/// Chains at classes of a conditional model, as many at each.
struct ClassChains {
  EnergyModel model = {};               ///< guided, if there is a guidance
  std::vector<float> labels = {};       ///< of the classes, in the order of the text
  std::vector<std::string> names = {};  ///< of the labels, for people
  std::vector<float> contexts = {};     ///< of all chains, [labels.size()·n, context_dim]
  std::optional<double> guidance = {};  ///< that the model has got

  /// The label of each chain, [labels.size()·n].
  std::vector<float> chain_labels() const;
};

/// Chains at classes, or at none, as bind_condition() takes the model.
/// @param classes   a list as labels_of() takes; empty: none
/// @param n         chains of each class
/// @param guidance  w of guided(); nothing: that of the model, and without one the energy at the
///                  label
/// @throws what labels_of(), contexts_of(), guided() and require_class() throw; Error(kUsage) for n
///         < 1, for more chains than fit in memory, and for a guidance of no class, which it would
///         not change
ClassChains class_chains(EnergyModel model, const std::string& classes, std::int64_t n,
                         std::optional<double> guidance);

/// @throws Error(kUsage) for a guidance without a class, whose strength it is
void require_class(const std::string& classes, std::optional<double> guidance);

}  // namespace ebm::models
