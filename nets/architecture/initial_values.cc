#include "nets/architecture/initial_values.h"

#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "nets/architecture/weight_norm.h"

namespace ebm::nets {

std::vector<float> initial_values(const Parameter& parameter, std::size_t index,
                                  std::uint64_t seed) {
  std::vector<float> values(static_cast<std::size_t>(parameter.size()));
  switch (parameter.kind) {
    case ParameterKind::kGain:
      std::fill(values.begin(), values.end(), static_cast<float>(parameter.init_scale));
      break;
    case ParameterKind::kVariance:
      std::fill(values.begin(), values.end(), 1.0f);
      break;
    case ParameterKind::kMean:
    case ParameterKind::kTable:
      break;
    case ParameterKind::kWeight:
    case ParameterKind::kBias: {
      base::RandomStream stream({.seed = seed, .domain = base::Domain::kWeights}, index);
      const auto bound = static_cast<float>(parameter.init_scale /
                                            std::sqrt(static_cast<double>(parameter.fan_in)));
      for (float& value : values) value = bound * (2.0f * stream.next_uniform() - 1.0f);
      break;
    }
    case ParameterKind::kLength: {
      // Of the direction, which is the parameter before it.
      Parameter direction;
      direction.shape = {parameter.size(), parameter.fan_in};
      direction.fan_in = parameter.fan_in;
      row_norms(initial_values(direction, index - 1, seed), values);
      for (float& value : values) value = static_cast<float>(value * parameter.init_scale);
      break;
    }
    case ParameterKind::kU:
    case ParameterKind::kV: {
      base::RandomStream stream({.seed = seed, .domain = base::Domain::kPowerIteration}, index);
      for (float& value : values) value = static_cast<float>(stream.next_normal());
      break;
    }
  }
  return values;
}

}  // namespace ebm::nets
