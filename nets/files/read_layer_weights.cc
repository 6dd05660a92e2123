#include "nets/files/read_layer_weights.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "base/error.h"
#include "base/number_text.h"
#include "nets/architecture/singular_vectors.h"
#include "nets/architecture/weight_norm.h"

namespace ebm::nets {
namespace {

std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::string text;
  for (const std::int64_t axis : shape) {
    text += text.empty() ? "[" : ", ";
    text += std::to_string(axis);
  }
  return text + "]";
}

std::vector<float> finite_values(const SafetensorsFile& file, const Parameter& parameter,
                                 const std::string& origin) {
  const auto found = file.tensors.find(parameter.name);
  if (found == file.tensors.end()) {
    throw Error(ErrorCode::kBadData, origin + ": tensor " + parameter.name + " is missing");
  }
  if (found->second.shape != parameter.shape) {
    throw Error(ErrorCode::kBadData, origin + ": tensor " + parameter.name + " has shape " +
                                         shape_text(found->second.shape) + "; expected " +
                                         shape_text(parameter.shape));
  }
  const auto values = found->second.as_floats();
  for (const float value : values) {
    if (std::isfinite(value)) continue;
    throw Error(ErrorCode::kBadData, origin + ": tensor " + parameter.name + " holds " +
                                         std::to_string(value) + "; expected finite weights");
  }
  return {values.begin(), values.end()};
}

}  // namespace

LayerWeights read_layer_weights(const Architecture& architecture, const SafetensorsFile& file,
                                const std::string& origin) {
  LayerWeights weights;
  const std::vector<Parameter> all = parameters(architecture);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!all[i].is_used()) continue;
    std::vector<float> values = finite_values(file, all[i], origin);
    if (all[i].kind == ParameterKind::kWeight && all[i].spectral_norm) {
      // The buffers u and v follow their weight.
      const double sigma = singular_value(values, finite_values(file, all[i + 1], origin),
                                          finite_values(file, all[i + 2], origin));
      const bool is_normal = std::isnormal(sigma);
      for (float& value : values) value = static_cast<float>(value / sigma);
      if (!is_normal || !std::ranges::all_of(values, [](float v) { return std::isfinite(v); })) {
        throw Error(ErrorCode::kBadData, origin + ": tensor " + all[i].name +
                                             " has the spectral norm " + base::number_text(sigma) +
                                             "; expected one that it can be divided by");
      }
    }
    if (all[i].kind == ParameterKind::kWeight && all[i].weight_norm) {
      // The lengths follow their weight.
      if (!normalise_rows(finite_values(file, all[i + 1], origin), values)) {
        throw Error(ErrorCode::kBadData, origin + ": tensor " + all[i].name +
                                             " has a row of length 0 or beyond float32; expected "
                                             "lengths that it can be divided by");
      }
    }
    weights.push_back(std::move(values));
  }
  for (const auto& entry : file.tensors) {
    const std::string& name = entry.first;
    const auto is_it = [&](const Parameter& parameter) { return parameter.name == name; };
    if (std::none_of(all.begin(), all.end(), is_it)) {
      std::string message = origin;
      message.append(": tensor ").append(name).append(" belongs to no layer of ");
      throw Error(ErrorCode::kBadData, message + architecture.name);
    }
  }
  return weights;
}

}  // namespace ebm::nets
