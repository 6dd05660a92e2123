#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "nets/architecture/layer.h"

namespace ebm::nets {

/// A network as data: a scalar energy of one item, with one list of layers applied in order. It may
/// be conditional: an item then comes with a class label, a noise level or both, the context of its
/// chain (condition.h), which film, projection and class_logits read.
struct Architecture {
  std::string name;
  Shape input;
  std::vector<Layer> layers;
  std::int64_t classes = 0;  ///< 0: no label; else labels 0 ... classes − 1, and classes: "none"
  bool noise_level = false;  ///< whether there is a noise level

  bool operator==(const Architecture&) const = default;
};

/// The output shape of every layer of the list, in order.
/// @throws Error(kShape) as validate(), except that the last output may have any size and
///         conditions may go unread, as the first layers of a network are a network too: of
///         features.
std::vector<Shape> infer_shapes(const Architecture& architecture);

/// What the last output of a network must be.
enum class Outputs {
  kEnergy,  ///< a single value
  kAny,     ///< any number of values, e.g. the logits of a classifier
};

/// Checks that every layer fits the output of the one before it, that no size is above 2^40
/// values, that the last output is as asked for, that a layer which reads a condition has it and
/// that each condition is read by a layer.
/// @throws Error(kShape) naming the layer by its path, as "layer 4 (residual).body.2 (conv2d)", the
///         shape found and what would be right.
void validate(const Architecture& architecture, Outputs outputs = Outputs::kEnergy);

enum class ParameterKind {
  kWeight,    ///< trainable; before its norm, if it has one: v of a weight norm
  kLength,    ///< trainable: g of a weight norm [out, 1, ...], starts at init_scale·‖v‖
  kBias,      ///< trainable
  kGain,      ///< trainable, starts at init_scale: the weight of a norm or a scale [channels]
  kTable,     ///< trainable, starts at 0: one row for each label, as torch.nn.Embedding
  kMean,      ///< buffer of a batch norm [channels], starts at 0
  kVariance,  ///< likewise, starts at 1
  kU,         ///< buffer of a spectral norm: left singular vector [out]
  kV,  ///< buffer of a spectral norm: right singular vector [in·kernel_height·kernel_width]
};

/// One named tensor of a network's state. Names are those of PyTorch's state_dict for the list as
/// an nn.Sequential, in which a residual layer has the children `body` and `shortcut`, and a concat
/// `body`: "0.weight", "0.bias", "4.body.0.weight", "4.shortcut.0.weight". A spectrally normalised
/// weight is named as torch.nn.utils.parametrizations.spectral_norm does:
/// "0.parametrizations.weight.original" with the buffers "0.parametrizations.weight.0._u" and
/// "0.parametrizations.weight.0._v"; g and v of a weight norm as
/// torch.nn.utils.parametrizations.weight_norm does, "0.parametrizations.weight.original0" and
/// "0.parametrizations.weight.original1". A batch norm has weight, bias, running_mean and
/// running_var; a self-modulated one the networks `gain` and `shift`, each an nn.Sequential of two
/// linear layers around a ReLU, and the same buffers. A film has class_scale.weight and
/// class_shift.weight where there are classes, and the network `level`, an nn.Sequential of two
/// linear layers around a SiLU, where there is a noise level; a projection has weight, bias and
/// embed.weight. A group norm has weight and bias, a channel scale weight and, if asked for, bias;
/// an attention has the convolutions `qkv` and `out`.
struct Parameter {
  std::string name;
  std::vector<std::int64_t> shape;  ///< weight [out, in, kh, kw] or [out, in]; bias [out]
  ParameterKind kind = ParameterKind::kWeight;
  bool spectral_norm = false;  ///< the layer it belongs to is spectrally normalised
  bool weight_norm = false;    ///< the layer it belongs to has a weight norm
  std::int64_t fan_in = 1;     ///< in·kh·kw of the layer it belongs to
  double init_scale = 1.0;     ///< factor on the initial value; 0 for the bias of a batch norm

  bool trainable() const {
    return kind == ParameterKind::kWeight || kind == ParameterKind::kLength ||
           kind == ParameterKind::kBias || kind == ParameterKind::kGain ||
           kind == ParameterKind::kTable;
  }
  /// Whether a layer uses it; what a norm of a weight holds beside it only changes the weight.
  bool is_used() const { return !is_vector() && kind != ParameterKind::kLength; }
  /// Whether it is a vector of a spectral norm.
  bool is_vector() const { return kind == ParameterKind::kU || kind == ParameterKind::kV; }
  std::int64_t size() const;
  bool operator==(const Parameter&) const = default;
};

/// All parameters and buffers, in the order of the layers (body before shortcut); of one layer
/// weight, u and v or the length, bias; of a film its tables, then its network; of a projection
/// weight, bias, table.
/// @throws Error(kShape) as infer_shapes().
std::vector<Parameter> parameters(const Architecture& architecture);

/// Number of trainable values.
std::int64_t n_parameters(const Architecture& architecture);

/// Multiply-adds of one forward pass of one item in convolutions and linear layers. A convolution
/// counts out_size·in_channels·kernel_height·kernel_width, a transposed one
/// in_size·out_channels·kernel_height·kernel_width: products with padding count too. Those inside
/// of self-modulated batch norms, films (of a noise level) and projections count as linear layers;
/// of an attention its convolutions and 2·heads·width·places².
std::int64_t multiply_adds(const Architecture& architecture);

}  // namespace ebm::nets
