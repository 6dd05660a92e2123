#include "nets/architecture/drawn_weights.h"

#include <algorithm>
#include <cmath>

#include "base/random.h"

namespace ebm::nets {

LayerWeights drawn_weights(const Architecture& architecture, std::uint64_t seed) {
  LayerWeights weights;
  for (const Parameter& parameter : parameters(architecture)) {
    if (!parameter.is_used()) continue;
    base::RandomStream stream({.seed = seed, .domain = base::Domain::kWeights}, weights.size());
    const auto bound = static_cast<float>(1.0 / std::sqrt(static_cast<double>(parameter.fan_in)));
    auto& values = weights.emplace_back(static_cast<std::size_t>(parameter.size()));
    if (parameter.kind == ParameterKind::kMean) continue;
    if (parameter.kind == ParameterKind::kGain || parameter.kind == ParameterKind::kVariance) {
      std::fill(values.begin(), values.end(), 1.0f);
      continue;
    }
    for (float& value : values) value = bound * (2.0f * stream.next_uniform() - 1.0f);
  }
  return weights;
}

}  // namespace ebm::nets
