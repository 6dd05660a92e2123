#include "nets/architecture/architecture.h"

#include <limits>

#include "base/error.h"
#include "nets/architecture/condition.h"
#include "nets/architecture/layer_tree.h"

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
    const auto lists = children(layers[i]);
    for (const auto& [child, inside] : lists) {
      visit_leaves(inside, shape, name + "." + child + ".", visit);
    }
    if (lists.empty()) visit(layers[i], shape, output, name);
    shape = output;
  }
}

/// What the weight of a layer is made of.
enum class WeightForm { kPlain, kSpectralNorm, kWeightNorm };

template <class Weighted>
WeightForm form_of(const Weighted& layer) {
  return layer.spectral_norm ? WeightForm::kSpectralNorm
         : layer.weight_norm ? WeightForm::kWeightNorm
                             : WeightForm::kPlain;
}

/// @param out  the length of the bias
void append(const std::string& name, std::vector<std::int64_t> weight_shape, std::int64_t out,
            bool bias, WeightForm form, double init_scale, std::vector<Parameter>& result) {
  std::int64_t fan_in = 1;
  for (std::size_t axis = 1; axis < weight_shape.size(); ++axis) fan_in *= weight_shape[axis];
  Parameter parameter;
  parameter.spectral_norm = form == WeightForm::kSpectralNorm;
  parameter.weight_norm = form == WeightForm::kWeightNorm;
  parameter.fan_in = fan_in;
  const auto add = [&](const char* suffix, ParameterKind kind, std::vector<std::int64_t> shape) {
    parameter.name = name + suffix;
    parameter.kind = kind;
    parameter.shape = std::move(shape);
    const bool is_scaled =
        kind == (parameter.weight_norm ? ParameterKind::kLength : ParameterKind::kWeight);
    parameter.init_scale = is_scaled ? init_scale : 1.0;
    result.push_back(parameter);
  };
  if (form == WeightForm::kWeightNorm) {
    std::vector<std::int64_t> lengths(weight_shape.size(), 1);
    lengths[0] = out;
    add(".parametrizations.weight.original1", ParameterKind::kWeight, std::move(weight_shape));
    add(".parametrizations.weight.original0", ParameterKind::kLength, std::move(lengths));
  } else if (form == WeightForm::kSpectralNorm) {
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

/// A scale of each channel, and a shift that starts at 0.
void append_scale(const std::string& name, std::int64_t channels, bool bias, double init,
                  std::vector<Parameter>& result) {
  result.push_back({.name = name + ".weight",
                    .shape = {channels},
                    .kind = ParameterKind::kGain,
                    .init_scale = init});
  if (!bias) return;
  result.push_back({.name = name + ".bias",
                    .shape = {channels},
                    .kind = ParameterKind::kBias,
                    .init_scale = 0.0});
}

void append_attention(const std::string& name, const Attention& attention, std::int64_t channels,
                      std::vector<Parameter>& result) {
  const std::int64_t inner = attention.heads * attention.width;
  append(name + ".qkv", {3 * inner, channels, 1, 1}, 3 * inner, false, WeightForm::kPlain, 1.0,
         result);
  append(name + ".out", {channels, inner, 1, 1}, channels, true, WeightForm::kPlain, 1.0, result);
}

void append_self_modulated(const std::string& name, const SelfModulatedBatchNorm& norm,
                           std::int64_t latent_dim, std::int64_t channels,
                           std::vector<Parameter>& result) {
  for (const char* part : {".gain", ".shift"}) {
    const std::string net = name + part;
    append(net + ".0", {norm.hidden, latent_dim}, norm.hidden, true, WeightForm::kPlain, 1.0,
           result);
    append(net + ".2", {channels, norm.hidden}, channels, true, WeightForm::kPlain, 1.0, result);
    Parameter& last = result.back();
    if (part == std::string(".gain")) {
      last.kind = ParameterKind::kGain;
    } else {
      last.init_scale = 0.0;
    }
  }
  append_buffers(name, channels, result);
}

void append_table(const std::string& name, std::int64_t rows, std::int64_t columns,
                  std::vector<Parameter>& result) {
  result.push_back({.name = name + ".weight",
                    .shape = {rows, columns},
                    .kind = ParameterKind::kTable,
                    .fan_in = rows});
}

void append_film(const std::string& name, const Film& film, const Architecture& net,
                 std::int64_t channels, std::vector<Parameter>& result) {
  if (net.classes > 0) {
    append_table(name + ".class_scale", net.classes + 1, channels, result);
    append_table(name + ".class_shift", net.classes + 1, channels, result);
  }
  if (net.noise_level) {
    append(name + ".level.0", {film.hidden, kLevelFeatures}, film.hidden, true, WeightForm::kPlain,
           1.0, result);
    append(name + ".level.2", {2 * channels, film.hidden}, 2 * channels, true, WeightForm::kPlain,
           0.0, result);
    result.back().init_scale = 0.0;
  }
}

void append_projection(const std::string& name, const Architecture& net, std::int64_t n,
                       std::vector<Parameter>& result) {
  append(name, {1, n}, 1, true, WeightForm::kPlain, 1.0, result);
  append_table(name + ".embed", net.classes + 1, n, result);
}

/// Checks the layers of a list that take more than their input: the network's input, or its
/// conditions.
class ExtraInputs {
 public:
  explicit ExtraInputs(const Architecture& net) : net_(net) {}

  /// @throws Error(kShape) if the network's input has not the shape that a layer takes, a condition
  ///         is not there or a weight becomes too large.
  void check(const std::vector<Layer>& layers, const std::string& prefix, Shape shape) const {
    for (std::size_t i = 0; i < layers.size(); ++i) {
      const std::string path = layer_path(prefix, i, layers[i]);
      const Layer::Op& op = layers[i].op;
      if (const auto* norm = std::get_if<SelfModulatedBatchNorm>(&op))
        check_modulation(*norm, path);
      if (const auto* film = std::get_if<Film>(&op)) {
        if (net_.classes == 0 && !net_.noise_level) {
          fail(path,
               "reads a label or a noise level, but the network has neither; it needs "
               "classes = K or noise_level = true");
        }
        if (!net_.noise_level && film->hidden != Film().hidden) {
          fail(path, "hidden is " + std::to_string(film->hidden) +
                         ", but only a noise level needs it, which the network has not");
        }
        check_table(shape.channels, path);
      }
      if (std::holds_alternative<Projection>(op) || std::holds_alternative<ClassLogits>(op)) {
        if (net_.classes == 0) {
          fail(path, "reads a label, but the network has none; it needs classes = K");
        }
        check_table(shape.channels, path);
      }
      if (std::holds_alternative<ClassLogits>(op) && shape.channels != net_.classes) {
        fail(path, "the input is " + to_string(shape) + ", but the network has " +
                       std::to_string(net_.classes) + " classes; it takes one logit for each");
      }
      if (std::holds_alternative<InputEnergy>(op) && shape != net_.input) {
        fail(path, "the input is " + to_string(shape) + ", but it goes with the network's input, " +
                       to_string(net_.input) + "; they must be of one shape");
      }
      for (const auto& [child, inside] : children(layers[i])) {
        check(inside, path + "." + child + ".", shape);
      }
      shape = output_shape(layers[i], shape, path);
    }
  }

 private:
  [[noreturn]] static void fail(const std::string& path, const std::string& problem) {
    throw Error(ErrorCode::kShape, path + ": " + problem);
  }

  void check_modulation(const SelfModulatedBatchNorm& norm, const std::string& path) const {
    const Shape& input = net_.input;
    if (input.height != 1 || input.width != 1) {
      fail(path, "is modulated by the network's input, which is " + to_string(input) +
                     "; it has to be flat");
    }
    if (norm.hidden > kMaxSize / input.channels) {
      fail(path, "the weight has more than 2^40 values");
    }
  }

  void check_table(std::int64_t columns, const std::string& path) const {
    if (net_.classes + 1 > kMaxSize / columns) {
      fail(path, "the table of classes has more than 2^40 values");
    }
  }

  const Architecture& net_;
};

void require_read_conditions(const Architecture& net) {
  if (net.classes > 0 && !has_kind<Film, Projection, ClassLogits>(net.layers)) {
    throw Error(ErrorCode::kShape,
                "the network has classes that no layer reads; use film, projection or "
                "class_logits, or leave classes out");
  }
  if (net.noise_level && !has_kind<Film>(net.layers)) {
    throw Error(ErrorCode::kShape,
                "the network has a noise level that no layer reads; use film, or leave "
                "noise_level out");
  }
}

}  // namespace

std::vector<Shape> infer_shapes(const Architecture& architecture) {
  if (architecture.classes < 0 || architecture.classes > kMaxClasses) {
    throw Error(ErrorCode::kShape, "classes is " + std::to_string(architecture.classes) +
                                       ", must be at least 0 and at most 2^24");
  }
  std::vector<Shape> shapes;
  Shape shape = architecture.input;
  for (std::size_t i = 0; i < architecture.layers.size(); ++i) {
    const Layer& layer = architecture.layers[i];
    shape = output_shape(layer, shape, layer_path(kRootPrefix, i, layer));
    shapes.push_back(shape);
  }
  ExtraInputs(architecture).check(architecture.layers, kRootPrefix, architecture.input);
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
                    ", but an energy is one value; end with a linear layer of out_features = 1, "
                    "inner_product or squared_distance");
  }
  require_read_conditions(architecture);
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
             conv->out_channels, conv->bias, form_of(*conv), conv->init_scale, result);
    } else if (const auto* transposed = std::get_if<ConvTranspose2d>(&layer.op)) {
      append(name,
             {in.channels, transposed->out_channels, transposed->kernel_height,
              transposed->kernel_width},
             transposed->out_channels, transposed->bias, WeightForm::kPlain, transposed->init_scale,
             result);
    } else if (const auto* linear = std::get_if<Linear>(&layer.op)) {
      append(name, {linear->out_features, in.channels}, linear->out_features, linear->bias,
             form_of(*linear), linear->init_scale, result);
    } else if (std::holds_alternative<BatchNorm>(layer.op)) {
      append_scale(name, in.channels, true, 1.0, result);
      append_buffers(name, in.channels, result);
    } else if (std::holds_alternative<GroupNorm>(layer.op)) {
      append_scale(name, in.channels, true, 1.0, result);
    } else if (const auto* scale = std::get_if<ChannelScale>(&layer.op)) {
      append_scale(name, in.channels, scale->bias, scale->init, result);
    } else if (const auto* attention = std::get_if<Attention>(&layer.op)) {
      append_attention(name, *attention, in.channels, result);
    } else if (const auto* norm = std::get_if<SelfModulatedBatchNorm>(&layer.op)) {
      append_self_modulated(name, *norm, architecture.input.channels, in.channels, result);
    } else if (const auto* film = std::get_if<Film>(&layer.op)) {
      append_film(name, *film, architecture, in.channels, result);
    } else if (std::holds_alternative<Projection>(layer.op)) {
      append_projection(name, architecture, in.channels, result);
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
    } else if (const auto* attention = std::get_if<Attention>(&layer.op)) {
      const std::int64_t places = in.height * in.width;
      each = attention->heads * attention->width;
      n = places * (4 * in.channels + 2 * places);
    } else if (const auto* film = std::get_if<Film>(&layer.op)) {
      each = architecture.noise_level ? film->hidden : 0;
      n = kLevelFeatures + 2 * in.channels;
    } else if (std::holds_alternative<Projection>(layer.op)) {
      each = in.channels;
      n = 2;
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
