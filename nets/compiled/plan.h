#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "nets/architecture/architecture.h"
#include "nets/architecture/precision.h"
#include "nets/compiled/tile_tasks.h"
#include "nets/compiled/winograd.h"
#include "samplers/simd/bf16_unit.h"

namespace ebm::nets {

/// A value of the network in the course of one evaluation, 16 chains side by side: [height][width]
/// [channels][16], so that the inputs of a row of taps lie together. Value 0 is the network's
/// input, in the order of the seam, [channels][height][width][16].
struct PlanValue {
  std::int64_t size = 0;    ///< values of one chain
  std::int64_t offset = 0;  ///< in the workspace, in lanes; of the value and then of its gradient
  /// The same where no gradient of weights is asked for: see PlanOp::is_merged.
  std::int64_t merged = 0;
  std::int64_t derivative = -1;  ///< likewise, of the activation that made it; −1 without one
  bool is_smooth = false;        ///< whether that activation has a second derivative beside 0
};

/// How an operation passes a gradient to one of its inputs.
struct PlanInput {
  int value = -1;
  bool adds = false;      ///< added to the gradient from another operation
  bool finishes = false;  ///< the last one: multiplied by the derivative of the value's activation
};

enum class PlanOpKind {
  kProduct,     ///< convolution or linear layer
  kAdd,         ///< of two values, the end of a residual layer
  kScaleShift,  ///< per channel: a batch norm that is not part of a product, or a learned scale
  kModulate,    ///< the same, then times one value per channel plus another
  kAvgPool,
  kSumPool,
  kUpsample,
  kReorder,        ///< out[i] = in[order[i]]: from and to the order [channels][height][width]
  kTableRows,      ///< the rows of tables that belong to the labels
  kLevelFeatures,  ///< of the noise levels
  kFilm,           ///< (1 + γ)·x + β of each channel, γ and β [2·channels] being one value
  kProjection,     ///< Σ e_i·h_i of two values, plus a third
  kClassLogits,
  kInputEnergy,  ///< of a value and the network's input
  kConcat,       ///< the channels of two values
  kNormalise,    ///< a group norm without its scale
  kAttend,       ///< attention between its convolutions
};

/// One operation, its activation included.
struct PlanOp {
  PlanOpKind kind = PlanOpKind::kProduct;
  PlanInput in;
  /// Of kAdd and kConcat; the gain of kModulate; γ and β of kFilm; e of kProjection; the network's
  /// input of kInputEnergy.
  PlanInput second;
  PlanInput third;  ///< the shift of kModulate; the value that kProjection adds to
  int out = -1;
  std::optional<Activation> activation;  ///< applied to the result
  Shape in_shape, out_shape;
  /// Of kProduct; a linear layer is a convolution of a 1 x 1 image. Where it is transposed, it
  /// leads from out_shape to in_shape: its forward is the backward of a convolution, and vice
  /// versa.
  Conv2d conv;
  bool transposed = false;
  /// Epsilon of the batch norm of kScaleShift and kModulate, and of the one that follows kProduct
  /// and is part of its weights; 0 without one.
  double norm_epsilon = 0.0;
  /// In lanes: of kModulate what it multiplies, for the gain's gradient; of kClassLogits −∂E by
  /// each logit; of kInputEnergy ∂E by each value of `in`, then of `second`; of kNormalise its
  /// result, then what each group was multiplied by; of kAttend the shares [heads][place][place].
  std::int64_t saved = -1;
  bool of_context = false;    ///< whether the result depends on the context alone
  std::int64_t n_tables = 1;  ///< of kTableRows, side by side in its result
  /// A film with an activation, of a value that nobody else reads. Where no gradient of weights is
  /// asked for, it then works in place, and the derivative of its activation is taken by its input,
  /// (1 + γ)·f', so that its result's gradient is its input's.
  bool is_merged = false;
  TileTasks forward, backward;
  std::optional<Winograd> forward_winograd, backward_winograd;  ///< in place of the tiles
  /// Pairs of channels at a position that the tiles multiply in bfloat16, or 0: in float32.
  std::int64_t forward_pairs = 0, backward_pairs = 0;
  bool forward_amx = false, backward_amx = false;  ///< whether by tiles of AMX
  std::vector<TapPlaces> taps;
  InputEnergyKind input_energy = InputEnergyKind::kInnerProduct;
  AvgPool pool;
  GroupNorm group_norm;
  Attention attention;
  ChannelScale channel_scale;  ///< of a kScaleShift without a norm_epsilon
  Upsample upsample;
  std::vector<std::int32_t> order;
};

/// A network as a list of operations in the order of evaluation, backwards for the gradient.
struct Plan {
  Precision precision = Precision::kFloat32;
  samplers::Bf16Unit unit = samplers::Bf16Unit::kF32;  ///< of products in bfloat16
  std::vector<PlanOp> ops;
  std::vector<PlanValue> values;
  std::int64_t workspace = 0;    ///< lanes
  std::int64_t scratch = 0;      ///< offset of what an operation needs while it runs
  std::int64_t context_dim = 0;  ///< as context_dim() of the architecture
  std::int64_t classes = 0;      ///< as in the architecture, like noise_level
  bool noise_level = false;
};

/// Checks the context of n items [n, context_dim], as require_context() of the architecture.
void require_context(const Plan& plan, std::span<const float> context, std::int64_t n);

/// In bfloat16 for samplers::bf16_unit().
/// @param outputs  kAny for a network that is no energy, of which only forward passes are made
/// @throws Error(kShape) if the architecture is invalid.
Plan make_plan(const Architecture& architecture, Precision precision = Precision::kFloat32,
               Outputs outputs = Outputs::kEnergy);

}  // namespace ebm::nets
