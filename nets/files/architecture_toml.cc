#include "nets/files/architecture_toml.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/error.h"
#include "base/quote.h"
#include "nets/architecture/suggestion.h"
#include "nets/files/parse_toml.h"
#include "nets/files/toml_fields.h"

namespace ebm::nets {
namespace {

const std::vector<std::string> kTypes = {"conv2d",        "conv_transpose2d",
                                         "linear",        "silu",
                                         "relu",          "leaky_relu",
                                         "elu",           "softplus",
                                         "tanh",          "scale",
                                         "batch_norm",    "self_modulated_batch_norm",
                                         "group_norm",    "channel_scale",
                                         "attention",     "film",
                                         "projection",    "class_logits",
                                         "inner_product", "squared_distance",
                                         "avg_pool",      "sum_pool",
                                         "upsample",      "flatten",
                                         "reshape",       "concat",
                                         "residual"};

std::vector<Layer> read_layers(const toml::node& node, const char* key, const TomlPlace& parent,
                               const std::string& prefix, int depth, Shape& shape);

/// What convolutions and transposed ones have in common.
template <class Conv>
Conv read_convolution(const TomlFields& fields) {
  Conv conv;
  conv.out_channels = fields.integer("out_channels", 1);
  const auto kernel = fields.integers<2>(fields.require("kernel"), "kernel", 1, "[height, width]");
  conv.kernel_height = kernel[0];
  conv.kernel_width = kernel[1];
  conv.stride = fields.integer("stride", 1, 1);
  if (const toml::node* node = fields.find("padding")) {
    const auto pads = fields.integers<4>(*node, "padding", 0, "[top, bottom, left, right]");
    conv.padding = {pads[0], pads[1], pads[2], pads[3]};
  }
  conv.bias = fields.boolean("bias", true);
  conv.init_scale = fields.number("init_scale", 1.0);
  return conv;
}

Layer read_conv2d(const toml::table& table, const TomlPlace& place) {
  const TomlFields fields(table, place,
                          {"type", "out_channels", "kernel", "stride", "padding", "bias",
                           "spectral_norm", "weight_norm", "init_scale"});
  auto conv = read_convolution<Conv2d>(fields);
  conv.spectral_norm = fields.boolean("spectral_norm", false);
  conv.weight_norm = fields.boolean("weight_norm", false);
  return conv;
}

Layer read_conv_transpose2d(const toml::table& table, const TomlPlace& place) {
  const TomlFields fields(
      table, place, {"type", "out_channels", "kernel", "stride", "padding", "bias", "init_scale"});
  return read_convolution<ConvTranspose2d>(fields);
}

Layer read_linear(const toml::table& table, const TomlPlace& place) {
  const TomlFields fields(
      table, place, {"type", "out_features", "bias", "spectral_norm", "weight_norm", "init_scale"});
  Linear linear;
  linear.out_features = fields.integer("out_features", 1);
  linear.bias = fields.boolean("bias", true);
  linear.spectral_norm = fields.boolean("spectral_norm", false);
  linear.weight_norm = fields.boolean("weight_norm", false);
  linear.init_scale = fields.number("init_scale", 1.0);
  return linear;
}

Layer read_activation(const toml::table& table, const TomlPlace& place, ActivationKind kind,
                      const char* parameter, double otherwise) {
  if (parameter == nullptr) {
    const TomlFields fields(table, place, {"type"});
    return Activation{kind, 0.0};
  }
  const TomlFields fields(table, place, {"type", parameter});
  return Activation{kind, fields.number(parameter, otherwise)};
}

Layer read_avg_pool(const toml::table& table, const TomlPlace& place) {
  const TomlFields fields(table, place, {"type", "kernel", "stride"});
  const std::int64_t kernel = fields.integer("kernel", 1);
  return AvgPool{kernel, fields.integer("stride", 1, kernel)};
}

Layer read_batch_norm(const toml::table& table, const TomlPlace& place) {
  const TomlFields fields(table, place, {"type", "epsilon"});
  const BatchNorm defaults;
  return BatchNorm{fields.number("epsilon", defaults.epsilon)};
}

Layer read_self_modulated_batch_norm(const toml::table& table, const TomlPlace& place) {
  const TomlFields fields(table, place, {"type", "hidden", "epsilon"});
  const SelfModulatedBatchNorm defaults;
  return SelfModulatedBatchNorm{fields.integer("hidden", 1, defaults.hidden),
                                fields.number("epsilon", defaults.epsilon)};
}

Layer read_group_norm(const toml::table& table, const TomlPlace& place) {
  const TomlFields fields(table, place, {"type", "groups", "epsilon"});
  return GroupNorm{fields.integer("groups", 1), fields.number("epsilon", GroupNorm().epsilon)};
}

Layer read_channel_scale(const toml::table& table, const TomlPlace& place) {
  const TomlFields fields(table, place, {"type", "bias", "init"});
  return ChannelScale{fields.boolean("bias", false), fields.number("init", 1.0)};
}

Layer read_attention(const toml::table& table, const TomlPlace& place) {
  const TomlFields fields(table, place, {"type", "heads", "width"});
  return Attention{fields.integer("heads", 1, Attention().heads),
                   fields.integer("width", 1, Attention().width)};
}

Layer read_film(const toml::table& table, const TomlPlace& place) {
  const TomlFields fields(table, place, {"type", "hidden"});
  return Film{fields.integer("hidden", 1, Film().hidden)};
}

Layer read_upsample(const toml::table& table, const TomlPlace& place) {
  const TomlFields fields(table, place, {"type", "factor"});
  return Upsample{fields.integer("factor", 1, 2)};
}

Layer read_reshape(const toml::table& table, const TomlPlace& place) {
  const TomlFields fields(table, place, {"type", "shape"});
  const toml::node& node = fields.require("shape");
  if (!node.is_array()) fields.mistyped(node, "shape", "[channels, height, width]");
  const auto sizes = fields.integers<3>(node, "shape", 1, "[channels, height, width]");
  return Reshape{{sizes[0], sizes[1], sizes[2]}};
}

// The list of layers `body` of a layer whose input is `shape`.
std::vector<Layer> read_body(const TomlFields& fields, const toml::table& table,
                             const TomlPlace& place, int depth, Shape shape) {
  if (depth >= kMaxNesting) {
    place.fail(table.source(), "residual and concat layers are nested more than " +
                                   std::to_string(kMaxNesting) + " deep");
  }
  return read_layers(fields.require("body"), "body", place, place.path + ".body.", depth + 1,
                     shape);
}

Layer read_concat(const toml::table& table, const TomlPlace& place, int depth, const Shape& shape) {
  const TomlFields fields(table, place, {"type", "body"});
  return Concat{read_body(fields, table, place, depth, shape)};
}

Layer read_residual(const toml::table& table, const TomlPlace& place, int depth,
                    const Shape& shape) {
  const TomlFields fields(table, place, {"type", "body", "shortcut"});
  Residual residual{read_body(fields, table, place, depth, shape), {}};
  Shape shortcut_shape = shape;
  if (const toml::node* node = fields.find("shortcut")) {
    residual.shortcut =
        read_layers(*node, "shortcut", place, place.path + ".shortcut.", depth + 1, shortcut_shape);
  }
  return residual;
}

Layer read_layer(const toml::table& table, const std::string& type, const TomlPlace& place,
                 int depth, const Shape& shape) {
  if (type == "conv2d") return read_conv2d(table, place);
  if (type == "conv_transpose2d") return read_conv_transpose2d(table, place);
  if (type == "linear") return read_linear(table, place);
  if (type == "silu") return read_activation(table, place, ActivationKind::kSilu, nullptr, 0.0);
  if (type == "relu") return read_activation(table, place, ActivationKind::kRelu, nullptr, 0.0);
  if (type == "leaky_relu") {
    return read_activation(table, place, ActivationKind::kLeakyRelu, "slope", 0.01);
  }
  if (type == "elu") return read_activation(table, place, ActivationKind::kElu, "alpha", 1.0);
  if (type == "softplus") {
    return read_activation(table, place, ActivationKind::kSoftplus, "beta", 1.0);
  }
  if (type == "tanh") return read_activation(table, place, ActivationKind::kTanh, nullptr, 0.0);
  if (type == "scale") {
    return read_activation(table, place, ActivationKind::kScale, "factor", 1.0);
  }
  if (type == "batch_norm") return read_batch_norm(table, place);
  if (type == "self_modulated_batch_norm") return read_self_modulated_batch_norm(table, place);
  if (type == "group_norm") return read_group_norm(table, place);
  if (type == "channel_scale") return read_channel_scale(table, place);
  if (type == "attention") return read_attention(table, place);
  if (type == "film") return read_film(table, place);
  if (type == "avg_pool") return read_avg_pool(table, place);
  if (type == "upsample") return read_upsample(table, place);
  if (type == "reshape") return read_reshape(table, place);
  if (type == "concat") return read_concat(table, place, depth, shape);
  if (type == "residual") return read_residual(table, place, depth, shape);
  const TomlFields fields(table, place, {"type"});
  if (type == "projection") return Projection{};
  if (type == "class_logits") return ClassLogits{};
  if (type == "inner_product") return InputEnergy{InputEnergyKind::kInnerProduct};
  if (type == "squared_distance") return InputEnergy{InputEnergyKind::kSquaredDistance};
  if (type == "sum_pool") return SumPool{};
  return Flatten{};
}

// Reads a list of layers whose input is `shape`, and leaves its output there.
std::vector<Layer> read_layers(const toml::node& node, const char* key, const TomlPlace& parent,
                               const std::string& prefix, int depth, Shape& shape) {
  const toml::array* list = node.as_array();
  if (list == nullptr) {
    parent.fail(node.source(),
                std::string(key) + " is " + toml_kind(node) + ", must be a list of tables");
  }
  std::vector<Layer> layers;
  for (std::size_t i = 0; i < list->size(); ++i) {
    const toml::node& entry = *list->get(i);
    TomlPlace place{parent.origin, prefix + std::to_string(i)};
    const toml::table* table = entry.as_table();
    if (table == nullptr)
      place.fail(entry.source(), "is " + toml_kind(entry) + ", must be a table");
    const toml::node* type = table->get("type");
    if (type == nullptr) place.fail(table->source(), "missing key \"type\"");
    if (!type->is_string()) {
      place.fail(type->source(), "type is " + toml_kind(*type) + ", must be text");
    }
    const std::string name = *type->value<std::string>();
    if (std::find(kTypes.begin(), kTypes.end(), name) == kTypes.end()) {
      place.fail(type->source(),
                 "unknown type " + base::quote(name) + "; " + suggestion(name, kTypes));
    }
    place.path += " (" + name + ")";
    layers.push_back(read_layer(*table, name, place, depth, shape));
    try {
      shape = output_shape(layers.back(), shape, place.path, depth);
    } catch (const Error& error) {
      TomlPlace{parent.origin, ""}.fail(table->source(), error.what(), error.code());
    }
  }
  return layers;
}

std::string shape_list(const Shape& shape) {
  return "[" + std::to_string(shape.channels) + ", " + std::to_string(shape.height) + ", " +
         std::to_string(shape.width) + "]";
}

Shape read_input(const TomlFields& fields, const std::optional<Shape>& given,
                 std::string_view origin) {
  const toml::node* node = fields.find("input");
  if (node == nullptr) {
    if (given) return *given;
    throw Error(
        ErrorCode::kBadData,
        std::string(origin) + ": missing key \"input\", the shape [channels, height, width]");
  }
  if (!node->is_array()) fields.mistyped(*node, "input", "[channels, height, width]");
  const auto sizes = fields.integers<3>(*node, "input", 1, "[channels, height, width]");
  const Shape input{sizes[0], sizes[1], sizes[2]};
  if (given && input != *given) {
    fields.place().fail(node->source(),
                        "input is " + shape_list(input) + ", but the data are " +
                            shape_list(*given) + "; change it or remove it",
                        ErrorCode::kShape);
  }
  return input;
}

}  // namespace

Architecture architecture_from_toml(std::string_view text, std::string_view origin,
                                    std::optional<Shape> input, Outputs outputs) {
  const toml::table table = parse_toml(text, origin);
  const TomlFields fields(table, TomlPlace{origin, ""},
                          {"name", "input", "classes", "noise_level", "layer"});
  Architecture architecture;
  if (const toml::node* name = fields.find("name")) {
    if (!name->is_string()) fields.mistyped(*name, "name", "text");
    architecture.name = *name->value<std::string>();
  }
  architecture.input = read_input(fields, input, origin);
  architecture.classes = fields.integer("classes", 1, 0);
  architecture.noise_level = fields.boolean("noise_level", false);
  Shape shape = architecture.input;
  architecture.layers =
      read_layers(fields.require("layer"), "layer", fields.place(), "layer ", 0, shape);
  try {
    validate(architecture, outputs);
  } catch (const Error& error) {
    throw Error(error.code(), std::string(origin) + ": " + error.what());
  }
  return architecture;
}

}  // namespace ebm::nets
