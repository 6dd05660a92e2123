#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/open_model.h"

namespace ebm::models {

/// What is asked for of a guidance; what is not is that of the model.
struct GuidanceOverrides {
  std::optional<double> weight = std::nullopt, start = std::nullopt, end = std::nullopt;

  bool any() const { return weight || start || end; }
};

/// Chains at classes of a conditional model, as many at each.
struct ClassChains {
  EnergyModel model = {};               ///< guided, if there is a guidance
  std::vector<float> labels = {};       ///< of the classes, in the order of the text
  std::vector<std::string> names = {};  ///< of the labels, for people
  std::vector<float> contexts = {};     ///< of all chains, [labels.size()·n, context_dim]
  std::optional<samplers::Guidance> guidance = {};  ///< that the model has got

  /// The label of each chain, [labels.size()·n].
  std::vector<float> chain_labels() const;
};

/// Chains at classes, or at none, as bind_condition() takes the model.
/// @param classes   a list as labels_of() takes; empty: none
/// @param n         chains of each class
/// @param guidance  of guided(); where neither it nor the model has one: the energy at the label
/// @throws what labels_of(), contexts_of(), guided() and require_class() throw; Error(kUsage) for n
///         < 1, for more chains than fit in memory, for a guidance of no class, which it would not
///         change, and for times of a guidance that there is not
ClassChains class_chains(EnergyModel model, const std::string& classes, std::int64_t n,
                         const GuidanceOverrides& guidance);

/// @throws Error(kUsage) for a guidance without a class, whose strength it is
void require_class(const std::string& classes, const GuidanceOverrides& guidance);

}  // namespace ebm::models
