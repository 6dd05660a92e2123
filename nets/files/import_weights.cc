#include "nets/files/import_weights.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "base/atomic_file.h"
#include "base/error.h"
#include "nets/files/float_tensor.h"

namespace ebm::nets {
namespace {

/// One value for each channel.
std::vector<double> for_channels(const std::vector<double>& values, std::int64_t channels,
                                 const Shape& input) {
  if (values.size() == 1) return std::vector<double>(static_cast<std::size_t>(channels), values[0]);
  if (static_cast<std::int64_t>(values.size()) == channels) return values;
  throw Error(ErrorCode::kUsage, std::to_string(values.size()) + " values for the channels of " +
                                     to_string(input) + "; give one, or one for each channel");
}

/// Puts a convolution of 1x1 before the network, which makes u of x.
void prepend_scale(const InputScale& input, ImportedWeights& imported) {
  Architecture& architecture = imported.architecture;
  const std::int64_t channels = architecture.input.channels;
  const auto n = static_cast<std::size_t>(channels);
  const std::vector<double> scale = for_channels(input.scale, channels, architecture.input);
  const std::vector<double> shift = for_channels(input.shift, channels, architecture.input);
  std::vector<float> weight(n * n, 0.0f), bias;
  for (std::size_t i = 0; i < n; ++i) {
    weight[i * n + i] = static_cast<float>(scale[i]);
    bias.push_back(static_cast<float>(shift[i]));
  }
  const std::vector<Parameter> before = parameters(architecture);
  architecture.layers.insert(architecture.layers.begin(), Conv2d{.out_channels = channels});
  // The names count layers, and now there is one more before each.
  const std::vector<Parameter> after = parameters(architecture);
  SafetensorsFile shifted;
  shifted.tensors[after[0].name] = TensorData::from_floats(after[0].shape, weight);
  shifted.tensors[after[1].name] = TensorData::from_floats(after[1].shape, bias);
  for (std::size_t i = 0; i < before.size(); ++i) {
    shifted.tensors[after[i + 2].name] = std::move(imported.weights.tensors.at(before[i].name));
  }
  imported.weights = std::move(shifted);
}

TensorData negated(const TensorData& tensor) {
  const auto values = tensor.as_floats();
  std::vector<float> opposite(values.begin(), values.end());
  for (float& value : opposite) value = -value;
  return TensorData::from_floats(tensor.shape, opposite);
}

/// Changes the sign of the output by that of the last layer's weight and bias.
void negate_last(ImportedWeights& imported) {
  const std::vector<Layer>& layers = imported.architecture.layers;
  const bool has_weight = std::holds_alternative<Linear>(layers.back().op) ||
                          std::holds_alternative<Conv2d>(layers.back().op) ||
                          std::holds_alternative<Projection>(layers.back().op);
  if (!has_weight) {
    throw Error(ErrorCode::kUsage,
                "negate: the last layer is " + type_name(layers.back()) +
                    "; only the output of linear, conv2d and projection can be negated");
  }
  const std::string prefix = std::to_string(layers.size() - 1) + ".";
  for (const Parameter& parameter : parameters(imported.architecture)) {
    if (!parameter.name.starts_with(prefix)) continue;
    // With a spectral norm the sign of u keeps uᵀWv positive, by which W is divided.
    if (parameter.kind == ParameterKind::kV) continue;
    // With a weight norm the length has the sign.
    if (parameter.kind == ParameterKind::kWeight && parameter.weight_norm) continue;
    TensorData& tensor = imported.weights.tensors.at(parameter.name);
    tensor = negated(tensor);
  }
}

}  // namespace

SafetensorsFile read_state_dict(const std::filesystem::path& path) {
  return parse_safetensors(base::read_file(path), path.string());
}

ImportedWeights import_weights(const Architecture& architecture, const SafetensorsFile& file,
                               const ImportOptions& options, const std::string& origin) {
  TensorShapes shapes;
  for (const auto& [name, tensor] : file.tensors) shapes[name] = tensor.shape;
  ImportedWeights imported{architecture, {}, {}, {}};
  imported.match = match_tensor_names(architecture, shapes, options.renames, origin);
  for (const auto& [name, given] : imported.match.names) {
    const TensorData& tensor = file.tensor(given);
    if (tensor.dtype != DType::kF32) ++imported.converted[tensor.dtype];
    try {
      imported.weights.tensors[name] = to_float32(tensor, given);
    } catch (const Error& error) {
      throw Error(error.code(), origin + ": " + error.what());
    }
  }
  if (!options.input.is_identity()) prepend_scale(options.input, imported);
  if (options.negate) negate_last(imported);
  return imported;
}

}  // namespace ebm::nets
