#include "nets/compiled/plan.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

#include "base/error.h"
#include "nets/architecture/channel_order.h"
#include "nets/architecture/condition.h"
#include "nets/architecture/layer_tree.h"
#include "nets/compiled/plan_values.h"
#include "nets/compiled/product_pass.h"

namespace ebm::nets {
namespace {

class PlanBuilder {
 public:
  explicit PlanBuilder(Precision precision) {
    plan_.precision = precision;
    if (precision == Precision::kBfloat16) plan_.unit = samplers::bf16_unit();
  }

  Plan build(const Architecture& architecture, Outputs outputs) {
    validate(architecture, outputs);
    plan_.context_dim = context_dim(architecture);
    plan_.classes = architecture.classes;
    plan_.noise_level = architecture.noise_level;
    shape_ = architecture.input;
    require_addressable(shape_.size());
    const int input = new_value(shape_.size(), /*is_input=*/true);
    start_ = has_one_order(shape_) ? input : reorder(input, from_channels_first(shape_));
    if (has_kind<InputEnergy>(architecture.layers)) shared_.push_back(start_);
    const int end = add_layers(architecture.layers, start_);
    if (plan_.ops.empty()) reorder(end, same_order(shape_));  // nothing but flattening
    mark_gradients(plan_);
    merge_films(plan_);
    plan_.scratch = take(scratch_);
    return std::move(plan_);
  }

 private:
  int new_value(std::int64_t size, bool is_input = false) {
    PlanValue value;
    value.size = size;
    if (!is_input) value.offset = value.merged = take(size);
    plan_.values.push_back(value);
    return static_cast<int>(plan_.values.size()) - 1;
  }

  std::int64_t take(std::int64_t size) {
    const std::int64_t at = plan_.workspace;
    plan_.workspace += size;
    require_addressable(plan_.workspace);
    return at;
  }

  /// Places in a block are 32-bit numbers (narrow.h).
  static void require_addressable(std::int64_t n_values) {
    if (n_values > std::numeric_limits<std::int32_t>::max()) {
      throw Error(ErrorCode::kShape, "the activations of the network are more than 2^31 values");
    }
  }

  int add_op(PlanOp op, int in, const Shape& out) {
    op.in.value = in;
    op.in_shape = shape_;
    op.out_shape = out;
    op.out = new_value(out.size());
    shape_ = out;
    plan_.ops.push_back(std::move(op));
    return plan_.ops.back().out;
  }

  int reorder(int in, std::vector<std::int32_t> order) {
    PlanOp op;
    op.kind = PlanOpKind::kReorder;
    op.order = std::move(order);
    return add_op(std::move(op), in, shape_);
  }

  int add_layers(const std::vector<Layer>& layers, int in) {
    for (const Layer& layer : layers) {
      const Shape out = output_shape(layer, shape_, type_name(layer));
      require_addressable(out.size());
      in = std::visit([&](const auto& op) { return add(op, in, out); }, layer.op);
    }
    return in;
  }

  ProductPass pass(const Conv2d& conv, const Shape& in, const Shape& out, bool transpose) {
    ProductPass made = product_pass(plan_, conv, in, out, transpose);
    scratch_ = std::max(scratch_, made.scratch);
    return made;
  }

  int add(const Conv2d& conv, int in, const Shape& out) {
    PlanOp op;
    op.conv = conv;
    set_passes(op, pass(conv, shape_, out, /*transpose=*/false),
               pass(conv, shape_, out, /*transpose=*/true));
    op.taps = tap_places(conv, shape_, out);
    return add_op(std::move(op), in, out);
  }

  int add(const ConvTranspose2d& transposed, int in, const Shape& out) {
    PlanOp op;
    op.transposed = true;
    op.conv.out_channels = shape_.channels;
    op.conv.kernel_height = transposed.kernel_height;
    op.conv.kernel_width = transposed.kernel_width;
    op.conv.stride = transposed.stride;
    op.conv.padding = transposed.padding;
    op.conv.bias = transposed.bias;
    set_passes(op, pass(op.conv, out, shape_, /*transpose=*/true),
               pass(op.conv, out, shape_, /*transpose=*/false));
    op.taps = tap_places(op.conv, out, shape_);
    return add_op(std::move(op), in, out);
  }

  int add(const Linear& linear, int in, const Shape& out) {
    Conv2d conv;
    conv.out_channels = linear.out_features;
    conv.bias = linear.bias;
    conv.spectral_norm = linear.spectral_norm;
    return add(conv, in, out);
  }

  int add(const Activation& activation, int in, const Shape& out) {
    // It belongs to the operation that made its input, unless the input itself is needed, too.
    const bool is_last = !plan_.ops.empty() && plan_.ops.back().out == in && !is_shared(in);
    if (!is_last || plan_.ops.back().activation) {
      in = reorder(in, same_order(out));
    }
    plan_.ops.back().activation = activation;
    PlanValue& value = plan_.values[static_cast<std::size_t>(in)];
    value.derivative = take(out.size());
    value.is_smooth = !is_piecewise_linear(activation);
    return in;
  }

  int add(const BatchNorm& norm, int in, const Shape& out) {
    if (!plan_.ops.empty()) {
      PlanOp& last = plan_.ops.back();
      const bool is_plain =
          last.kind == PlanOpKind::kProduct && !last.activation && last.norm_epsilon == 0.0;
      if (is_plain && last.out == in && !is_shared(in)) {
        last.norm_epsilon = norm.epsilon;
        return in;
      }
    }
    PlanOp op;
    op.kind = PlanOpKind::kScaleShift;
    op.norm_epsilon = norm.epsilon;
    return add_op(std::move(op), in, out);
  }

  int add(const SelfModulatedBatchNorm& norm, int in, const Shape& out) {
    PlanOp op;
    op.kind = PlanOpKind::kModulate;
    op.norm_epsilon = norm.epsilon;
    op.second.value = add_modulation(norm.hidden, out.channels);
    op.third.value = add_modulation(norm.hidden, out.channels);
    op.saved = take(out.size());
    return add_op(std::move(op), in, out);
  }

  /// Two layers from the network's input, which is flat and so lies as it is.
  int add_modulation(std::int64_t hidden, std::int64_t channels) {
    const Shape before = std::exchange(shape_, Shape{plan_.values[0].size, 1, 1});
    int value = add(Linear{.out_features = hidden}, 0, {hidden, 1, 1});
    value = add(Activation{ActivationKind::kRelu, 0.0}, value, {hidden, 1, 1});
    value = add(Linear{.out_features = channels}, value, {channels, 1, 1});
    shape_ = before;
    return value;
  }

  int add(const GroupNorm& norm, int in, const Shape& out) {
    PlanOp op;
    op.kind = PlanOpKind::kNormalise;
    op.group_norm = norm;
    op.saved = take(out.size() + norm.groups);
    return add(ChannelScale{.bias = true}, add_op(std::move(op), in, out), out);
  }

  int add(const ChannelScale& scale, int in, const Shape& out) {
    PlanOp op;
    op.kind = PlanOpKind::kScaleShift;
    op.channel_scale = scale;
    return add_op(std::move(op), in, out);
  }

  int add(const Attention& attention, int in, const Shape& out) {
    const std::int64_t places = out.height * out.width, inner = attention.heads * attention.width;
    require_addressable(3 * inner * places);
    const Conv2d qkv{.out_channels = 3 * inner, .bias = false};
    const int value = add(qkv, in, {3 * inner, out.height, out.width});
    PlanOp op;
    op.kind = PlanOpKind::kAttend;
    op.attention = attention;
    op.saved = take(attention.heads * places * places);
    scratch_ = std::max(scratch_, places * (2 + 3 * inner));
    const int mixed = add_op(std::move(op), value, {inner, out.height, out.width});
    return add(Conv2d{.out_channels = out.channels}, mixed, out);
  }

  int add(const Film& film, int in, const Shape& out) {
    const Shape before = shape_;
    PlanOp op;
    op.kind = PlanOpKind::kFilm;
    op.second.value = add_film_values(film, out.channels);
    shape_ = before;
    return add_op(std::move(op), in, out);
  }

  /// γ and β of the context.
  int add_film_values(const Film& film, std::int64_t channels) {
    const std::size_t first = plan_.ops.size();
    const Shape out{2 * channels, 1, 1};
    int value = -1;
    if (plan_.classes > 0) value = add_table_rows(2, channels);
    if (plan_.noise_level) {
      if (level_features_ < 0) {
        shape_ = {};
        PlanOp op;
        op.kind = PlanOpKind::kLevelFeatures;
        level_features_ = add_op(std::move(op), -1, {kLevelFeatures, 1, 1});
      }
      shape_ = {kLevelFeatures, 1, 1};
      const Shape hidden{film.hidden, 1, 1};
      int of_level = add(Linear{.out_features = film.hidden}, level_features_, hidden);
      of_level = add(Activation{}, of_level, hidden);
      of_level = add(Linear{.out_features = out.channels}, of_level, out);
      if (value >= 0) {
        PlanOp op;
        op.kind = PlanOpKind::kAdd;
        op.second.value = of_level;
        of_level = add_op(std::move(op), value, out);
      }
      value = of_level;
    }
    for (std::size_t i = first; i < plan_.ops.size(); ++i) plan_.ops[i].of_context = true;
    return value;
  }

  int add_table_rows(std::int64_t n_tables, std::int64_t channels) {
    PlanOp op;
    op.kind = PlanOpKind::kTableRows;
    op.n_tables = n_tables;
    op.of_context = true;
    shape_ = {plan_.classes + 1, 1, 1};
    return add_op(std::move(op), -1, {n_tables * channels, 1, 1});
  }

  int add(const Projection&, int in, const Shape& out) {
    const Shape flat = shape_;
    PlanOp op;
    op.kind = PlanOpKind::kProjection;
    op.third.value = add(Linear{}, in, out);
    op.second.value = add_table_rows(1, flat.channels);
    shape_ = flat;
    return add_op(std::move(op), in, out);
  }

  int add(const ClassLogits&, int in, const Shape& out) {
    // Its curvature is added to the gradient behind the derivative of an activation.
    const bool is_plain = !plan_.ops.empty() && plan_.ops.back().out == in && !is_shared(in) &&
                          !plan_.ops.back().activation;
    if (!is_plain) in = reorder(in, same_order(shape_));
    PlanOp op;
    op.kind = PlanOpKind::kClassLogits;
    op.saved = take(shape_.size());
    return add_op(std::move(op), in, out);
  }

  int add(const InputEnergy& energy, int in, const Shape& out) {
    PlanOp op;
    op.kind = PlanOpKind::kInputEnergy;
    op.input_energy = energy.kind;
    op.second.value = start_;
    op.saved = take(2 * shape_.size());
    return add_op(std::move(op), in, out);
  }

  int add(const AvgPool& pool, int in, const Shape& out) {
    PlanOp op;
    op.kind = PlanOpKind::kAvgPool;
    op.pool = pool;
    return add_op(std::move(op), in, out);
  }

  int add(const SumPool&, int in, const Shape& out) {
    PlanOp op;
    op.kind = PlanOpKind::kSumPool;
    return add_op(std::move(op), in, out);
  }

  int add(const Upsample& upsample, int in, const Shape& out) {
    PlanOp op;
    op.kind = PlanOpKind::kUpsample;
    op.upsample = upsample;
    return add_op(std::move(op), in, out);
  }

  int add(const Reshape&, int in, const Shape& out) {
    shape_ = out;
    return has_one_order(shape_) ? in : reorder(in, from_channels_first(shape_));
  }

  int add(const Flatten&, int in, const Shape& out) {
    if (!has_one_order(shape_)) in = reorder(in, to_channels_first(shape_));
    shape_ = out;
    return in;
  }

  int add(const Concat& concat, int in, const Shape& out) {
    const Shape start = shape_;
    shared_.push_back(in);
    PlanOp op;
    op.kind = PlanOpKind::kConcat;
    op.second.value = add_layers(concat.body, in);
    shared_.pop_back();
    shape_ = start;
    return add_op(std::move(op), in, out);
  }

  int add(const Residual& residual, int in, const Shape& out) {
    const Shape start = shape_;
    shared_.push_back(in);
    const int body = add_layers(residual.body, in);
    shared_.push_back(body);
    shape_ = start;
    const int shortcut = add_layers(residual.shortcut, in);
    shared_.resize(shared_.size() - 2);
    PlanOp op;
    op.kind = PlanOpKind::kAdd;
    op.second.value = shortcut;
    return add_op(std::move(op), body, out);
  }

  bool is_shared(int value) const {
    for (const int shared : shared_) {
      if (shared == value) return true;
    }
    return false;
  }

  Plan plan_;
  Shape shape_;
  std::int64_t scratch_ = 0;  ///< lanes
  int start_ = 0;             ///< the network's input in the order of the plan
  int level_features_ = -1;   ///< the value that holds them, once a film reads a noise level
  /// Values that are read again: inputs and body results of layers with others inside that are
  /// being built, and the network's input where a layer goes with it.
  std::vector<int> shared_;
};

}  // namespace

void require_context(const Plan& plan, std::span<const float> context, std::int64_t n) {
  Architecture conditions;
  conditions.classes = plan.classes;
  conditions.noise_level = plan.noise_level;
  require_context(conditions, context, n);
}

Plan make_plan(const Architecture& architecture, Precision precision, Outputs outputs) {
  return PlanBuilder(precision).build(architecture, outputs);
}

}  // namespace ebm::nets
