#include "nets/files/architecture_toml.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

#include "base/error.h"
#include "base/quote.h"
#include "nets/architecture/suggestion.h"
#include "nets/files/parse_toml.h"

namespace ebm::nets {
namespace {

const std::vector<std::string> kTypes = {"conv2d",
                                         "conv_transpose2d",
                                         "linear",
                                         "silu",
                                         "relu",
                                         "leaky_relu",
                                         "elu",
                                         "softplus",
                                         "tanh",
                                         "scale",
                                         "batch_norm",
                                         "self_modulated_batch_norm",
                                         "film",
                                         "projection",
                                         "class_logits",
                                         "inner_product",
                                         "squared_distance",
                                         "avg_pool",
                                         "sum_pool",
                                         "upsample",
                                         "flatten",
                                         "reshape",
                                         "concat",
                                         "residual"};

// Where in the text a value is, for messages.
struct Place {
  std::string_view origin;
  std::string path;  // of the layer; empty at the top

  [[noreturn]] void fail(const toml::source_region& source, const std::string& problem,
                         ErrorCode code = ErrorCode::kBadData) const {
    throw Error(code, std::string(origin) + ":" + std::to_string(source.begin.line) + ": " +
                          (path.empty() ? "" : path + ": ") + problem);
  }
};

std::string kind_of(const toml::node& node) {
  if (node.is_table()) return "a table";
  if (node.is_array()) return "a list";
  if (node.is_string()) return "text";
  if (node.is_integer()) return "an integer";
  if (node.is_floating_point()) return "a fraction";
  if (node.is_boolean()) return "a boolean";
  return "a date or time";
}

// One table, every key of which has to be asked for or named in `known`.
class Fields {
 public:
  Fields(const toml::table& table, Place place, const std::vector<std::string>& known)
      : table_(table), place_(std::move(place)) {
    for (const auto& [key, node] : table) {
      if (std::find(known.begin(), known.end(), key.str()) == known.end()) {
        place_.fail(node.source(),
                    "unknown key " + base::quote(key.str()) + "; " + suggestion(key.str(), known));
      }
    }
  }

  const toml::node* find(const char* key) const { return table_.get(key); }

  const toml::node& require(const char* key) const {
    const toml::node* node = find(key);
    if (node == nullptr) place_.fail(table_.source(), std::string("missing key \"") + key + "\"");
    return *node;
  }

  std::int64_t integer(const char* key, std::int64_t least) const {
    return to_integer(require(key), key, least);
  }
  std::int64_t integer(const char* key, std::int64_t least, std::int64_t otherwise) const {
    const toml::node* node = find(key);
    return node == nullptr ? otherwise : to_integer(*node, key, least);
  }

  // An integer that stands for all of N, or a list of N.
  template <std::size_t N>
  std::array<std::int64_t, N> integers(const toml::node& node, const char* key, std::int64_t least,
                                       const char* meaning) const {
    std::array<std::int64_t, N> values{};
    const toml::array* list = node.as_array();
    if (list == nullptr && !node.is_integer()) {
      mistyped(node, key, std::string("an integer or ") + meaning);
    }
    if (list != nullptr && list->size() != N) {
      place_.fail(node.source(), std::string(key) + " has " + std::to_string(list->size()) +
                                     " entries, must be an integer or " + meaning);
    }
    for (std::size_t i = 0; i < N; ++i) {
      values[i] = to_integer(list == nullptr ? node : *list->get(i), key, least);
    }
    return values;
  }

  double number(const char* key, double otherwise) const {
    const toml::node* node = find(key);
    if (node == nullptr) return otherwise;
    const std::optional<double> value = number_of(*node);
    if (!value) mistyped(*node, key, "a number");
    if (!std::isfinite(*value)) {
      place_.fail(node->source(), std::string(key) + " is not finite, must be a finite number");
    }
    return *value;
  }

  bool boolean(const char* key, bool otherwise) const {
    const toml::node* node = find(key);
    if (node == nullptr) return otherwise;
    if (!node->is_boolean()) mistyped(*node, key, "true or false");
    return *node->value<bool>();
  }

  [[noreturn]] void mistyped(const toml::node& node, const char* key,
                             const std::string& right) const {
    place_.fail(node.source(), std::string(key) + " is " + kind_of(node) + ", must be " + right);
  }

  const Place& place() const { return place_; }

 private:
  std::int64_t to_integer(const toml::node& node, const char* key, std::int64_t least) const {
    if (!node.is_integer()) mistyped(node, key, "an integer");
    const std::int64_t value = *node.value<std::int64_t>();
    if (value < least) {
      place_.fail(node.source(), std::string(key) + " is " + std::to_string(value) +
                                     ", must be at least " + std::to_string(least));
    }
    return value;
  }

  const toml::table& table_;
  Place place_;
};

std::vector<Layer> read_layers(const toml::node& node, const char* key, const Place& parent,
                               const std::string& prefix, int depth, Shape& shape);

/// What convolutions and transposed ones have in common.
template <class Conv>
Conv read_convolution(const Fields& fields) {
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

Layer read_conv2d(const toml::table& table, const Place& place) {
  const Fields fields(table, place,
                      {"type", "out_channels", "kernel", "stride", "padding", "bias",
                       "spectral_norm", "init_scale"});
  auto conv = read_convolution<Conv2d>(fields);
  conv.spectral_norm = fields.boolean("spectral_norm", false);
  return conv;
}

Layer read_conv_transpose2d(const toml::table& table, const Place& place) {
  const Fields fields(
      table, place, {"type", "out_channels", "kernel", "stride", "padding", "bias", "init_scale"});
  return read_convolution<ConvTranspose2d>(fields);
}

Layer read_linear(const toml::table& table, const Place& place) {
  const Fields fields(table, place,
                      {"type", "out_features", "bias", "spectral_norm", "init_scale"});
  Linear linear;
  linear.out_features = fields.integer("out_features", 1);
  linear.bias = fields.boolean("bias", true);
  linear.spectral_norm = fields.boolean("spectral_norm", false);
  linear.init_scale = fields.number("init_scale", 1.0);
  return linear;
}

Layer read_activation(const toml::table& table, const Place& place, ActivationKind kind,
                      const char* parameter, double otherwise) {
  if (parameter == nullptr) {
    const Fields fields(table, place, {"type"});
    return Activation{kind, 0.0};
  }
  const Fields fields(table, place, {"type", parameter});
  return Activation{kind, fields.number(parameter, otherwise)};
}

Layer read_avg_pool(const toml::table& table, const Place& place) {
  const Fields fields(table, place, {"type", "kernel", "stride"});
  const std::int64_t kernel = fields.integer("kernel", 1);
  return AvgPool{kernel, fields.integer("stride", 1, kernel)};
}

Layer read_batch_norm(const toml::table& table, const Place& place) {
  const Fields fields(table, place, {"type", "epsilon"});
  const BatchNorm defaults;
  return BatchNorm{fields.number("epsilon", defaults.epsilon)};
}

Layer read_self_modulated_batch_norm(const toml::table& table, const Place& place) {
  const Fields fields(table, place, {"type", "hidden", "epsilon"});
  const SelfModulatedBatchNorm defaults;
  return SelfModulatedBatchNorm{fields.integer("hidden", 1, defaults.hidden),
                                fields.number("epsilon", defaults.epsilon)};
}

Layer read_film(const toml::table& table, const Place& place) {
  const Fields fields(table, place, {"type", "hidden"});
  return Film{fields.integer("hidden", 1, Film().hidden)};
}

Layer read_upsample(const toml::table& table, const Place& place) {
  const Fields fields(table, place, {"type", "factor"});
  return Upsample{fields.integer("factor", 1, 2)};
}

Layer read_reshape(const toml::table& table, const Place& place) {
  const Fields fields(table, place, {"type", "shape"});
  const toml::node& node = fields.require("shape");
  if (!node.is_array()) fields.mistyped(node, "shape", "[channels, height, width]");
  const auto sizes = fields.integers<3>(node, "shape", 1, "[channels, height, width]");
  return Reshape{{sizes[0], sizes[1], sizes[2]}};
}

// The list of layers `body` of a layer whose input is `shape`.
std::vector<Layer> read_body(const Fields& fields, const toml::table& table, const Place& place,
                             int depth, Shape shape) {
  if (depth >= kMaxNesting) {
    place.fail(table.source(), "residual and concat layers are nested more than " +
                                   std::to_string(kMaxNesting) + " deep");
  }
  return read_layers(fields.require("body"), "body", place, place.path + ".body.", depth + 1,
                     shape);
}

Layer read_concat(const toml::table& table, const Place& place, int depth, const Shape& shape) {
  const Fields fields(table, place, {"type", "body"});
  return Concat{read_body(fields, table, place, depth, shape)};
}

Layer read_residual(const toml::table& table, const Place& place, int depth, const Shape& shape) {
  const Fields fields(table, place, {"type", "body", "shortcut"});
  Residual residual{read_body(fields, table, place, depth, shape), {}};
  Shape shortcut_shape = shape;
  if (const toml::node* node = fields.find("shortcut")) {
    residual.shortcut =
        read_layers(*node, "shortcut", place, place.path + ".shortcut.", depth + 1, shortcut_shape);
  }
  return residual;
}

Layer read_layer(const toml::table& table, const std::string& type, const Place& place, int depth,
                 const Shape& shape) {
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
  if (type == "film") return read_film(table, place);
  if (type == "avg_pool") return read_avg_pool(table, place);
  if (type == "upsample") return read_upsample(table, place);
  if (type == "reshape") return read_reshape(table, place);
  if (type == "concat") return read_concat(table, place, depth, shape);
  if (type == "residual") return read_residual(table, place, depth, shape);
  const Fields fields(table, place, {"type"});
  if (type == "projection") return Projection{};
  if (type == "class_logits") return ClassLogits{};
  if (type == "inner_product") return InputEnergy{InputEnergyKind::kInnerProduct};
  if (type == "squared_distance") return InputEnergy{InputEnergyKind::kSquaredDistance};
  if (type == "sum_pool") return SumPool{};
  return Flatten{};
}

// Reads a list of layers whose input is `shape`, and leaves its output there.
std::vector<Layer> read_layers(const toml::node& node, const char* key, const Place& parent,
                               const std::string& prefix, int depth, Shape& shape) {
  const toml::array* list = node.as_array();
  if (list == nullptr) {
    parent.fail(node.source(),
                std::string(key) + " is " + kind_of(node) + ", must be a list of tables");
  }
  std::vector<Layer> layers;
  for (std::size_t i = 0; i < list->size(); ++i) {
    const toml::node& entry = *list->get(i);
    Place place{parent.origin, prefix + std::to_string(i)};
    const toml::table* table = entry.as_table();
    if (table == nullptr) place.fail(entry.source(), "is " + kind_of(entry) + ", must be a table");
    const toml::node* type = table->get("type");
    if (type == nullptr) place.fail(table->source(), "missing key \"type\"");
    if (!type->is_string()) {
      place.fail(type->source(), "type is " + kind_of(*type) + ", must be text");
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
      Place{parent.origin, ""}.fail(table->source(), error.what(), error.code());
    }
  }
  return layers;
}

std::string shape_list(const Shape& shape) {
  return "[" + std::to_string(shape.channels) + ", " + std::to_string(shape.height) + ", " +
         std::to_string(shape.width) + "]";
}

Shape read_input(const Fields& fields, const std::optional<Shape>& given, std::string_view origin) {
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
  const Fields fields(table, Place{origin, ""},
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
