#include "nets/architecture/architecture.h"

#include <limits>

#include "base/error.h"

namespace ebm::nets {
namespace {

constexpr const char* kRootPrefix = "layer ";

// Calls visit(layer, input shape, output shape, PyTorch name) for every layer without children, in
// order. The caller has checked the whole list.
template <class Visit>
void visit_leaves(const std::vector<Layer>& layers, const Shape& input, const std::string& prefix,
                  const Visit& visit) {
  Shape shape = input;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const std::string name = prefix + std::to_string(i);
    const Shape output = output_shape(layers[i], shape, name);
    if (const auto* residual = std::get_if<Residual>(&layers[i].op)) {
      visit_leaves(residual->body, shape, name + ".body.", visit);
      visit_leaves(residual->shortcut, shape, name + ".shortcut.", visit);
    } else {
      visit(layers[i], shape, output, name);
    }
    shape = output;
  }
}

/// @param out  the length of the bias
void append(const std::string& name, std::vector<std::int64_t> weight_shape, std::int64_t out,
            bool bias, bool spectral_norm, double init_scale, std::vector<Parameter>& result) {
  std::int64_t fan_in = 1;
  for (std::size_t axis = 1; axis < weight_shape.size(); ++axis) fan_in *= weight_shape[axis];
  Parameter parameter;
  parameter.spectral_norm = spectral_norm;
  parameter.fan_in = fan_in;
  const auto add = [&](const char* suffix, ParameterKind kind, std::vector<std::int64_t> shape) {
    parameter.name = name + suffix;
    parameter.kind = kind;
    parameter.shape = std::move(shape);
    parameter.init_scale = kind == ParameterKind::kWeight ? init_scale : 1.0;
    result.push_back(parameter);
  };
  if (spectral_norm) {
    add(".parametrizations.weight.original", ParameterKind::kWeight, std::move(weight_shape));
    add(".parametrizations.weight.0._u", ParameterKind::kU, {out});
    add(".parametrizations.weight.0._v", ParameterKind::kV, {fan_in});
  } else {
    add(".weight", ParameterKind::kWeight, std::move(weight_shape));
  }
  if (bias) add(".bias", ParameterKind::kBias, {out});
}

void append_buffers(const std::string& name, std::int64_t channels,
                    std::vector<Parameter>& result) {
  result.push_back(
      {.name = name + ".running_mean", .shape = {channels}, .kind = ParameterKind::kMean});
  result.push_back(
      {.name = name + ".running_var", .shape = {channels}, .kind = ParameterKind::kVariance});
}

void append_norm(const std::string& name, std::int64_t channels, std::vector<Parameter>& result) {
  result.push_back({.name = name + ".weight", .shape = {channels}, .kind = ParameterKind::kGain});
  result.push_back({.name = name + ".bias",
                    .shape = {channels},
                    .kind = ParameterKind::kBias,
                    .init_scale = 0.0});
  append_buffers(name, channels, result);
}

void append_self_modulated(const std::string& name, const SelfModulatedBatchNorm& norm,
                           std::int64_t latent_dim, std::int64_t channels,
                           std::vector<Parameter>& result) {
  for (const char* part : {".gain", ".shift"}) {
    const std::string net = name + part;
    append(net + ".0", {norm.hidden, latent_dim}, norm.hidden, true, false, 1.0, result);
    append(net + ".2", {channels, norm.hidden}, channels, true, false, 1.0, result);
    Parameter& last = result.back();
    if (part == std::string(".gain")) {
      last.kind = ParameterKind::kGain;
    } else {
      last.init_scale = 0.0;
    }
  }
  append_buffers(name, channels, result);
}

/// Checks the layers of a list that take the network's input as a vector.
/// @throws Error(kShape) if the input is not flat, or a weight becomes too large.
void check_modulation(const std::vector<Layer>& layers, const std::string& prefix,
                      const Shape& input) {
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const std::string path = layer_path(prefix, i, layers[i]);
    if (const auto* norm = std::get_if<SelfModulatedBatchNorm>(&layers[i].op)) {
      if (input.height != 1 || input.width != 1) {
        throw Error(ErrorCode::kShape, path + ": is modulated by the network's input, which is " +
                                           to_string(input) + "; it has to be flat");
      }
      if (norm->hidden > kMaxSize / input.channels) {
        throw Error(ErrorCode::kShape, path + ": the weight has more than 2^40 values");
      }
    }
    if (const auto* residual = std::get_if<Residual>(&layers[i].op)) {
      check_modulation(residual->body, path + ".body.", input);
      check_modulation(residual->shortcut, path + ".shortcut.", input);
    }
  }
}

}  // namespace

std::vector<Shape> infer_shapes(const Architecture& architecture) {
  std::vector<Shape> shapes;
  Shape shape = architecture.input;
  for (std::size_t i = 0; i < architecture.layers.size(); ++i) {
    const Layer& layer = architecture.layers[i];
    shape = output_shape(layer, shape, layer_path(kRootPrefix, i, layer));
    shapes.push_back(shape);
  }
  check_modulation(architecture.layers, kRootPrefix, architecture.input);
  return shapes;
}

void validate(const Architecture& architecture, Outputs outputs) {
  if (architecture.layers.empty()) {
    throw Error(ErrorCode::kShape, "the network has no layers; an energy needs at least one");
  }
  const Shape output = infer_shapes(architecture).back();
  if (outputs == Outputs::kEnergy && output.size() != 1) {
    const std::size_t last = architecture.layers.size() - 1;
    throw Error(ErrorCode::kShape,
                layer_path(kRootPrefix, last, architecture.layers[last]) + ": the last output is " +
                    to_string(output) +
                    ", but an energy is one value; end with a linear layer of out_features = 1");
  }
  n_parameters(architecture);
  multiply_adds(architecture);
}

std::int64_t Parameter::size() const {
  std::int64_t product = 1;
  for (const std::int64_t axis : shape) product *= axis;
  return product;
}

std::vector<Parameter> parameters(const Architecture& architecture) {
  infer_shapes(architecture);
  std::vector<Parameter> result;
  const auto visit = [&](const Layer& layer, const Shape& in, const Shape&,
                         const std::string& name) {
    if (const auto* conv = std::get_if<Conv2d>(&layer.op)) {
      append(name, {conv->out_channels, in.channels, conv->kernel_height, conv->kernel_width},
             conv->out_channels, conv->bias, conv->spectral_norm, conv->init_scale, result);
    } else if (const auto* transposed = std::get_if<ConvTranspose2d>(&layer.op)) {
      append(name,
             {in.channels, transposed->out_channels, transposed->kernel_height,
              transposed->kernel_width},
             transposed->out_channels, transposed->bias, false, transposed->init_scale, result);
    } else if (const auto* linear = std::get_if<Linear>(&layer.op)) {
      append(name, {linear->out_features, in.channels}, linear->out_features, linear->bias,
             linear->spectral_norm, linear->init_scale, result);
    } else if (std::holds_alternative<BatchNorm>(layer.op)) {
      append_norm(name, in.channels, result);
    } else if (const auto* norm = std::get_if<SelfModulatedBatchNorm>(&layer.op)) {
      append_self_modulated(name, *norm, architecture.input.channels, in.channels, result);
    }
  };
  visit_leaves(architecture.layers, architecture.input, "", visit);
  return result;
}

std::int64_t n_parameters(const Architecture& architecture) {
  std::int64_t sum = 0;
  for (const Parameter& parameter : parameters(architecture)) {
    if (parameter.trainable()) sum += parameter.size();
    if (sum > kMaxSize) {
      throw Error(ErrorCode::kShape, "the network has more than 2^40 parameters");
    }
  }
  return sum;
}

std::int64_t multiply_adds(const Architecture& architecture) {
  infer_shapes(architecture);
  constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
  std::int64_t sum = 0;
  const auto visit = [&](const Layer& layer, const Shape& in, const Shape& out,
                         const std::string&) {
    std::int64_t each = 0, n = out.size();
    if (const auto* conv = std::get_if<Conv2d>(&layer.op)) {
      each = in.channels * conv->kernel_height * conv->kernel_width;
    } else if (const auto* transposed = std::get_if<ConvTranspose2d>(&layer.op)) {
      each = transposed->out_channels * transposed->kernel_height * transposed->kernel_width;
      n = in.size();
    } else if (std::holds_alternative<Linear>(layer.op)) {
      each = in.channels;
    } else if (const auto* norm = std::get_if<SelfModulatedBatchNorm>(&layer.op)) {
      each = 2 * norm->hidden;
      n = architecture.input.channels + in.channels;
    }
    if (each > (kMax - sum) / n) {
      throw Error(ErrorCode::kShape, "the network takes more than 2^63 multiply-adds");
    }
    sum += each * n;
  };
  visit_leaves(architecture.layers, architecture.input, "", visit);
  return sum;
}

}  // namespace ebm::nets
