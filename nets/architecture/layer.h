#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace ebm::nets {

/// Residual and concat layers may be nested this deep.
inline constexpr int kMaxNesting = 16;
/// No activation, weight or network has more values than this.
inline constexpr std::int64_t kMaxSize = std::int64_t{1} << 40;

/// Shape of the activation of one item: channels, height, width. A vector of n values is (n, 1, 1).
struct Shape {
  std::int64_t channels = 1;
  std::int64_t height = 1;
  std::int64_t width = 1;

  std::int64_t size() const { return channels * height * width; }
  bool operator==(const Shape&) const = default;
};

/// "128x7x7": channels, height, width.
std::string to_string(const Shape& shape);

/// Rows and columns of zeros around an image.
struct Padding {
  std::int64_t top = 0;
  std::int64_t bottom = 0;
  std::int64_t left = 0;
  std::int64_t right = 0;

  bool operator==(const Padding&) const = default;
};

/// Cross-correlation as in torch.nn.Conv2d: weight [out_channels, in_channels, kernel_height,
/// kernel_width], out = floor((in + padding − kernel) / stride) + 1 along height and width.
struct Conv2d {
  std::int64_t out_channels = 1;
  std::int64_t kernel_height = 1;
  std::int64_t kernel_width = 1;
  std::int64_t stride = 1;  ///< along height and width alike
  Padding padding = {};
  bool bias = true;
  /// The weight used is W/σ(W), σ the largest singular value of W as an [out_channels, rest]
  /// matrix.
  bool spectral_norm = false;
  /// The weight used is g·v/‖v‖ for each output channel, g and v trained (weight_norm.h); not with
  /// spectral_norm.
  bool weight_norm = false;
  /// Factor on the initial weight, at least 0. Under spectral_norm it cancels in W/σ(W) and leaves
  /// the initial function as it is; under weight_norm it is one on g.
  double init_scale = 1.0;

  bool operator==(const Conv2d&) const = default;
};

/// Transposed convolution as in torch.nn.ConvTranspose2d: weight [in_channels, out_channels,
/// kernel_height, kernel_width], the input gradient of a Conv2d of the same kernel, stride and
/// padding; out = (in − 1)·stride + kernel − padding along height and width. PyTorch's
/// output_padding p is a bottom and right padding that is p less.
struct ConvTranspose2d {
  std::int64_t out_channels = 1;
  std::int64_t kernel_height = 1;
  std::int64_t kernel_width = 1;
  std::int64_t stride = 1;  ///< along height and width alike
  Padding padding = {};     ///< what is cut off around the image
  bool bias = true;
  double init_scale = 1.0;  ///< as in Conv2d

  bool operator==(const ConvTranspose2d&) const = default;
};

/// y = Wx + b on a flat input (n, 1, 1); weight [out_features, n].
struct Linear {
  std::int64_t out_features = 1;
  bool bias = true;
  bool spectral_norm = false;  ///< as in Conv2d
  bool weight_norm = false;    ///< as in Conv2d
  double init_scale = 1.0;     ///< as in Conv2d

  bool operator==(const Linear&) const = default;
};

enum class ActivationKind { kSilu, kRelu, kLeakyRelu, kElu, kSoftplus, kTanh, kScale };

/// silu      x·sigmoid(x)
/// relu      max(x, 0)
/// leaky_relu  x if x > 0, else slope·x
/// elu       x if x > 0, else alpha·(exp(x) − 1)
/// softplus  log(1 + exp(beta·x)) / beta
/// tanh      tanh(x)
/// scale     factor·x: fixed, where weights should stay of order one
/// `parameter` is slope, alpha, beta or factor; silu, relu and tanh ignore it and keep it 0.
struct Activation {
  ActivationKind kind = ActivationKind::kSilu;
  double parameter = 0.0;

  bool operator==(const Activation&) const = default;
};

/// Whether the second derivative is 0, but for kinks.
inline bool is_piecewise_linear(const Activation& activation) {
  return activation.kind == ActivationKind::kRelu ||
         activation.kind == ActivationKind::kLeakyRelu || activation.kind == ActivationKind::kScale;
}

/// Mean over windows of kernel x kernel, without padding; out = floor((in − kernel) / stride) + 1.
struct AvgPool {
  std::int64_t kernel = 2;
  std::int64_t stride = 2;

  bool operator==(const AvgPool&) const = default;
};

/// Sum over height and width: (c, h, w) -> (c, 1, 1).
struct SumPool {
  bool operator==(const SumPool&) const = default;
};

/// (c, h, w) -> (c·h·w, 1, 1) in C order.
struct Flatten {
  bool operator==(const Flatten&) const = default;
};

/// y = weight·(x − mean)/√(variance + epsilon) + bias of each channel, as torch.nn.BatchNorm2d:
/// mean and variance of the batch in training; else of many batches, which are kept with the
/// weights as running_mean and running_var. So the value of an item then does not depend on the
/// others. Source: Ioffe & Szegedy 2015.
struct BatchNorm {
  double epsilon = 1e-5;

  bool operator==(const BatchNorm&) const = default;
};

/// As BatchNorm, with weight and bias made of the network's input z, which has to be flat:
///   weight = V·relu(U·z + a) + c,  bias = V'·relu(U'·z + a') + c',
/// U [hidden, dim of z], V [channels, hidden]. With V = V' = 0 it is a BatchNorm of weight c.
/// Source: Chen, Lucic, Houlsby, Gelly 2018, "On self modulation for generative adversarial
/// networks", eq. 3.
struct SelfModulatedBatchNorm {
  std::int64_t hidden = 32;
  double epsilon = 1e-5;

  bool operator==(const SelfModulatedBatchNorm&) const = default;
};

/// Of each item by itself, over groups of neighbouring channels and all places, as
/// torch.nn.GroupNorm: y = weight·(x − mean)/√(variance + epsilon) + bias, weight and bias
/// [channels]. One group of all channels is a layer norm. Source: Wu & He 2018, "Group
/// normalization".
struct GroupNorm {
  std::int64_t groups = 1;  ///< divides the channels
  double epsilon = 1e-5;

  bool operator==(const GroupNorm&) const = default;
};

/// A learned scale of each channel: y = weight·x, or weight·x + bias. Where it starts small, a
/// residual layer starts as its shortcut. Source: Touvron et al. 2021, "Going deeper with image
/// transformers", sec. 2 (LayerScale).
struct ChannelScale {
  bool bias = false;
  double init = 1.0;  ///< of the weight

  bool operator==(const ChannelScale&) const = default;
};

/// Softmax attention over the places of a map. With q, k and v [width] of each place and head,
/// rows of qkv·x (a 1x1 convolution without bias, to the q of all heads, then the k, then the v),
///   a_ij = softmax over j of ⟨q_i, k_j⟩/√width,  o_i = Σ_j a_ij·v_j,  y = out·o (1x1, with bias).
/// It takes heads·places² values of memory for each item: for maps of 7x7 or 8x8. Sources: Vaswani
/// et al. 2017, "Attention is all you need"; Ho, Jain, Abbeel 2020, "Denoising diffusion
/// probabilistic models", app. B.
struct Attention {
  std::int64_t heads = 1;
  std::int64_t width = 32;  ///< of a head

  bool operator==(const Attention&) const = default;
};

/// Scale and shift of each channel by the network's conditions (see Architecture):
///   y = (1 + γ)·x + β,  γ and β [channels].
/// Of a label γ = class_scale[label] and β = class_shift[label], tables [classes + 1, channels]; of
/// a noise level σ, (γ, β) = V·silu(U·f + a) + c, f = level_features(σ) (condition.h), U [hidden,
/// 2F], V [2·channels, hidden]; under both conditions the sums. Tables, V and c start at 0, so that
/// y = x. Source: Perez, Strub, de Vries, Dumoulin, Courville 2018, "FiLM: visual reasoning with a
/// general conditioning layer".
struct Film {
  std::int64_t hidden = 32;  ///< of the level's network; as it is here without a noise level

  bool operator==(const Film&) const = default;
};

/// A flat input h as one value: y = w·h + b + ⟨e[label], h⟩, the table e [classes + 1, values of h]
/// starting at 0. Source: Miyato & Koyama 2018, "cGANs with projection discriminator", eq. 3.
struct Projection {
  bool operator==(const Projection&) const = default;
};

/// One logit per class as an energy: −logit[label], or −log Σ_y exp(logit[y]) for the label "none":
/// E(x, y) and the marginal E(x) of a classifier. Source: Grathwohl et al. 2020, "Your classifier
/// is secretly an energy based model and you should treat it like one", eq. 5 and 6.
struct ClassLogits {
  bool operator==(const ClassLogits&) const = default;
};

/// A flat input as a map, in C order: (c·h·w, 1, 1) -> (c, h, w).
struct Reshape {
  Shape shape;

  bool operator==(const Reshape&) const = default;
};

/// Every value becomes a square of factor x factor of it: nearest neighbours.
struct Upsample {
  std::int64_t factor = 2;

  bool operator==(const Upsample&) const = default;
};

/// The network's input x and a map h of its shape as one value:
///   kInnerProduct     −⟨x, h⟩
///   kSquaredDistance  ½·‖x − h‖²
/// The gradient of the energy is then a map that a U-Net makes well. Sources: Salimans & Ho 2021,
/// "Should EBMs model the energy or the score?", sec. 3; Du et al. 2023, "Reduce, reuse, recycle:
/// compositional generation with energy-based diffusion models and MCMC", sec. 5.
enum class InputEnergyKind { kInnerProduct, kSquaredDistance };
struct InputEnergy {
  InputEnergyKind kind = InputEnergyKind::kInnerProduct;

  bool operator==(const InputEnergy&) const = default;
};

struct Layer;

/// The channels of x, then those of body(x), which has to keep height and width: a skip connection
/// around the body. Source: Ronneberger, Fischer, Brox 2015, "U-Net: convolutional networks for
/// biomedical image segmentation".
struct Concat {
  std::vector<Layer> body;

  bool operator==(const Concat& other) const;
};

/// y = body(x) + shortcut(x); an empty list is the identity.
struct Residual {
  std::vector<Layer> body;
  std::vector<Layer> shortcut;

  bool operator==(const Residual& other) const;
};

/// One layer of a network. Converts from every kind, so that networks can be written as lists.
struct Layer {
  using Op =
      std::variant<Conv2d, ConvTranspose2d, Linear, Activation, BatchNorm, SelfModulatedBatchNorm,
                   GroupNorm, ChannelScale, Attention, Film, Projection, ClassLogits, InputEnergy,
                   AvgPool, SumPool, Upsample, Flatten, Reshape, Concat, Residual>;

  Layer(Conv2d conv) : op(conv) {}                       // NOLINT(google-explicit-constructor)
  Layer(ConvTranspose2d conv) : op(conv) {}              // NOLINT(google-explicit-constructor)
  Layer(Linear linear) : op(linear) {}                   // NOLINT(google-explicit-constructor)
  Layer(Activation activation) : op(activation) {}       // NOLINT(google-explicit-constructor)
  Layer(BatchNorm norm) : op(norm) {}                    // NOLINT(google-explicit-constructor)
  Layer(SelfModulatedBatchNorm norm) : op(norm) {}       // NOLINT(google-explicit-constructor)
  Layer(GroupNorm norm) : op(norm) {}                    // NOLINT(google-explicit-constructor)
  Layer(ChannelScale scale) : op(scale) {}               // NOLINT(google-explicit-constructor)
  Layer(Attention attention) : op(attention) {}          // NOLINT(google-explicit-constructor)
  Layer(Film film) : op(film) {}                         // NOLINT(google-explicit-constructor)
  Layer(Projection projection) : op(projection) {}       // NOLINT(google-explicit-constructor)
  Layer(ClassLogits logits) : op(logits) {}              // NOLINT(google-explicit-constructor)
  Layer(InputEnergy energy) : op(energy) {}              // NOLINT(google-explicit-constructor)
  Layer(AvgPool pool) : op(pool) {}                      // NOLINT(google-explicit-constructor)
  Layer(SumPool pool) : op(pool) {}                      // NOLINT(google-explicit-constructor)
  Layer(Upsample upsample) : op(upsample) {}             // NOLINT(google-explicit-constructor)
  Layer(Flatten flatten) : op(flatten) {}                // NOLINT(google-explicit-constructor)
  Layer(Reshape reshape) : op(reshape) {}                // NOLINT(google-explicit-constructor)
  Layer(Concat concat) : op(std::move(concat)) {}        // NOLINT(google-explicit-constructor)
  Layer(Residual residual) : op(std::move(residual)) {}  // NOLINT(google-explicit-constructor)

  bool operator==(const Layer&) const = default;

  Op op;
};

/// The name of the kind of a layer in files and messages: "conv2d", "conv_transpose2d", "linear",
/// "silu", "relu", "leaky_relu", "elu", "softplus", "tanh", "scale", "batch_norm",
/// "self_modulated_batch_norm", "group_norm", "channel_scale", "attention", "film", "projection",
/// "class_logits", "inner_product", "squared_distance", "avg_pool", "sum_pool", "upsample",
/// "flatten", "reshape", "concat", "residual".
std::string type_name(const Layer& layer);

/// Names a layer in messages: "layer 4 (residual)", and within one of its lists
/// "layer 4 (residual).body.2 (conv2d)". `prefix` is "layer " or "layer 4 (residual).body.".
std::string layer_path(const std::string& prefix, std::size_t index, const Layer& layer);

/// The shape that `layer` makes of `input`, with the fields of the layer checked.
/// @param path   names the layer in messages
/// @param depth  how many residual and concat layers it is inside
/// @throws Error(kShape) naming the layer, the value or shape found and what would be right.
Shape output_shape(const Layer& layer, const Shape& input, const std::string& path, int depth = 0);

/// The shape after a whole list; `input` itself if it is empty.
/// @param prefix  as in layer_path()
Shape output_shape(const std::vector<Layer>& layers, const Shape& input, const std::string& prefix,
                   int depth = 0);

}  // namespace ebm::nets
