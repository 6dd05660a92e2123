#include <cstdint>

#include "nets/files/architecture_toml.h"
#include "nets/files/toml_text.h"

namespace ebm::nets {
namespace {

std::string to_text(double value) { return toml_text(value); }
std::string to_text(const std::string& value) { return toml_quoted(value); }
std::string to_text(bool value) { return value ? "true" : "false"; }
std::string to_text(std::int64_t value) { return std::to_string(value); }

std::string list_text(std::initializer_list<std::int64_t> values) {
  std::string text;
  for (const std::int64_t value : values) text += (text.empty() ? "" : ", ") + to_text(value);
  return "[" + text + "]";
}

// The keys and values of one layer, joined by newlines or, inside lists of layers, by commas.
class Writer {
 public:
  Writer(bool in_list, std::string& text) : in_list_(in_list), text_(text) {}

  void raw(const char* key, const std::string& value) {
    if (!first_) text_ += in_list_ ? ", " : "\n";
    first_ = false;
    text_ += std::string(key) + " = " + value;
  }
  template <class T>
  void field(const char* key, const T& value) {
    raw(key, to_text(value));
  }
  template <class T>
  void field_unless(const T& otherwise, const char* key, const T& value) {
    if (value != otherwise) field(key, value);
  }

  void operator()(const Conv2d& conv) {
    convolution_fields(conv);
    weight_fields(conv);
  }

  void operator()(const ConvTranspose2d& conv) {
    convolution_fields(conv);
    weight_fields(conv);
  }

  void operator()(const Linear& linear) {
    field("out_features", linear.out_features);
    weight_fields(linear);
  }

  void operator()(const Activation& activation) {
    switch (activation.kind) {
      case ActivationKind::kSilu:
      case ActivationKind::kRelu:
      case ActivationKind::kTanh:
        return;
      case ActivationKind::kLeakyRelu:
        return field("slope", activation.parameter);
      case ActivationKind::kElu:
        return field("alpha", activation.parameter);
      case ActivationKind::kSoftplus:
        return field("beta", activation.parameter);
      case ActivationKind::kScale:
        return field("factor", activation.parameter);
    }
  }

  void operator()(const BatchNorm& norm) { norm_fields(norm); }
  void operator()(const SelfModulatedBatchNorm& norm) {
    field_unless(SelfModulatedBatchNorm().hidden, "hidden", norm.hidden);
    norm_fields(norm);
  }

  void operator()(const GroupNorm& norm) {
    field("groups", norm.groups);
    norm_fields(norm);
  }
  void operator()(const ChannelScale& scale) {
    field_unless(false, "bias", scale.bias);
    field_unless(ChannelScale().init, "init", scale.init);
  }
  void operator()(const Attention& attention) {
    field("heads", attention.heads);
    field("width", attention.width);
  }

  void operator()(const Film& film) { field_unless(Film().hidden, "hidden", film.hidden); }
  void operator()(const Projection&) {}
  void operator()(const ClassLogits&) {}
  void operator()(const InputEnergy&) {}

  void operator()(const AvgPool& pool) {
    field("kernel", pool.kernel);
    field_unless(pool.kernel, "stride", pool.stride);
  }

  void operator()(const SumPool&) {}
  void operator()(const Upsample& upsample) { field("factor", upsample.factor); }
  void operator()(const Flatten&) {}
  void operator()(const Reshape& reshape) {
    const Shape& shape = reshape.shape;
    raw("shape", list_text({shape.channels, shape.height, shape.width}));
  }

  void operator()(const Concat& concat) { raw("body", layers_text(concat.body)); }

  void operator()(const Residual& residual) {
    raw("body", layers_text(residual.body));
    if (!residual.shortcut.empty()) raw("shortcut", layers_text(residual.shortcut));
  }

 private:
  template <class Conv>
  void convolution_fields(const Conv& conv) {
    const Conv defaults;
    field("out_channels", conv.out_channels);
    if (conv.kernel_height == conv.kernel_width) {
      field("kernel", conv.kernel_height);
    } else {
      raw("kernel", list_text({conv.kernel_height, conv.kernel_width}));
    }
    field_unless(defaults.stride, "stride", conv.stride);
    const Padding& pad = conv.padding;
    if (pad == Padding{pad.top, pad.top, pad.top, pad.top}) {
      field_unless(std::int64_t{0}, "padding", pad.top);
    } else {
      raw("padding", list_text({pad.top, pad.bottom, pad.left, pad.right}));
    }
  }

  template <class Norm>
  void norm_fields(const Norm& norm) {
    field_unless(Norm().epsilon, "epsilon", norm.epsilon);
  }

  template <class Weighted>
  void weight_fields(const Weighted& layer) {
    field_unless(true, "bias", layer.bias);
    if constexpr (requires { layer.weight_norm; }) {
      field_unless(false, "spectral_norm", layer.spectral_norm);
      field_unless(false, "weight_norm", layer.weight_norm);
    }
    field_unless(1.0, "init_scale", layer.init_scale);
  }

  // TOML allows line breaks in lists, though not in the tables inside them.
  std::string layers_text(const std::vector<Layer>& layers) const {
    std::string text;
    for (const Layer& layer : layers) {
      text += std::string(in_list_ ? "" : "\n  ") + "{";
      Writer writer(true, text);
      writer.field("type", type_name(layer));
      std::visit(writer, layer.op);
      text += in_list_ ? "}, " : "},";
    }
    if (in_list_ && !layers.empty()) text.erase(text.size() - 2);
    return "[" + text + (in_list_ || layers.empty() ? "]" : "\n]");
  }

  bool in_list_;
  bool first_ = true;
  std::string& text_;
};

}  // namespace

std::string architecture_to_toml(const Architecture& architecture) {
  const Shape& input = architecture.input;
  std::string text = "name = " + to_text(architecture.name) +
                     "\ninput = " + list_text({input.channels, input.height, input.width}) + "\n";
  if (architecture.classes > 0) text += "classes = " + to_text(architecture.classes) + "\n";
  if (architecture.noise_level) text += "noise_level = true\n";
  for (const Layer& layer : architecture.layers) {
    text += "\n[[layer]]\n";
    Writer writer(false, text);
    writer.field("type", type_name(layer));
    std::visit(writer, layer.op);
    text += "\n";
  }
  return text;
}

}  // namespace ebm::nets
