#include "nets/compiled/layer_times.h"

#include <algorithm>
#include <chrono>

#include "base/aligned_vector.h"
#include "base/random.h"
#include "base/require.h"
#include "nets/compiled/plan.h"

namespace ebm::nets {
namespace {
using samplers::kLanes;

std::string size_text(const Shape& shape) {
  return std::to_string(shape.channels) + "x" + std::to_string(shape.height) + "x" +
         std::to_string(shape.width);
}

std::string product_text(const PlanOp& op) {
  const Conv2d& conv = op.conv;
  if (!op.transposed && op.in_shape.height * op.in_shape.width == 1) return "linear";
  std::string text = (op.transposed ? "conv transposed " : "conv ") +
                     std::to_string(conv.kernel_height) + "x" + std::to_string(conv.kernel_width);
  if (conv.stride != 1) text += " stride " + std::to_string(conv.stride);
  if (op.forward_winograd && op.backward_winograd) return text + " by Winograd";
  if (op.forward_winograd) return text + " forwards by Winograd";
  return op.backward_winograd ? text + " backwards by Winograd" : text;
}

std::string name_of(const PlanOp& op) {
  std::string text;
  switch (op.kind) {
    case PlanOpKind::kProduct:
      text = product_text(op);
      break;
    case PlanOpKind::kAdd:
      text = "add";
      break;
    case PlanOpKind::kScaleShift:
      text = op.norm_epsilon > 0.0 ? "batch_norm" : "channel_scale";
      break;
    case PlanOpKind::kModulate:
      text = "self_modulated_batch_norm";
      break;
    case PlanOpKind::kAvgPool:
      text = "avg_pool";
      break;
    case PlanOpKind::kSumPool:
      text = "sum_pool";
      break;
    case PlanOpKind::kUpsample:
      text = "upsample";
      break;
    case PlanOpKind::kReorder:
      text = "reorder";
      break;
    case PlanOpKind::kTableRows:
      text = "class table";
      break;
    case PlanOpKind::kLevelFeatures:
      text = "noise level features";
      break;
    case PlanOpKind::kFilm:
      text = "film";
      break;
    case PlanOpKind::kProjection:
      text = "projection";
      break;
    case PlanOpKind::kClassLogits:
      text = "class_logits";
      break;
    case PlanOpKind::kInputEnergy:
      text = type_name(InputEnergy{op.input_energy});
      break;
    case PlanOpKind::kConcat:
      text = "concat";
      break;
    case PlanOpKind::kNormalise:
      text = "group_norm";
      break;
    case PlanOpKind::kAttend:
      text = "attention";
      break;
  }
  text += ", " + size_text(op.in_shape) + " -> " + size_text(op.out_shape);
  if (op.activation) text += ", " + type_name(*op.activation);
  return text;
}

double flops_of(const PlanOp& op) {
  if (op.kind != PlanOpKind::kProduct) return 0.0;
  const std::int64_t places = op.transposed ? op.in_shape.height * op.in_shape.width
                                            : op.out_shape.height * op.out_shape.width;
  return 2.0 * static_cast<double>(kLanes * places * op.in_shape.channels * op.out_shape.channels *
                                   op.conv.kernel_height * op.conv.kernel_width);
}

/// Labels one after the other, "none" being the last, and a noise level of 0.5.
std::vector<float> some_context(const Plan& plan) {
  std::vector<float> context;
  for (std::int64_t lane = 0; lane < kLanes && plan.classes > 0; ++lane) {
    context.push_back(static_cast<float>(lane % (plan.classes + 1)));
  }
  context.resize(static_cast<std::size_t>(plan.context_dim * kLanes), 0.5f);
  return context;
}

double median(std::vector<double>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace

std::vector<LayerTime> layer_times(const CompiledNet& net, std::int64_t repetitions) {
  base::require_at_least("repetitions", repetitions, 1);
  const Plan& plan = net.plan();
  const auto size = static_cast<std::size_t>(net.dim() * kLanes);
  base::AlignedVector<float> x(size), gradient(size), energy(kLanes);
  base::AlignedVector<float> work(static_cast<std::size_t>(plan.workspace * kLanes));
  base::RandomStream stream({.seed = 0}, 0);
  for (float& value : x) value = static_cast<float>(stream.next_normal());
  const std::vector<float> context = some_context(plan);
  std::vector<std::vector<double>> forward(plan.ops.size()), backward(plan.ops.size());
  for (std::int64_t i = 0; i <= repetitions; ++i) {
    using Clock = std::chrono::steady_clock;
    Clock::time_point last = Clock::now();
    net.evaluate_block(x.data(), context.data(), energy.data(), gradient.data(), work.data(),
                       [&](std::size_t op, bool is_backward) {
                         const Clock::time_point now = Clock::now();
                         // The first evaluation warms the caches.
                         if (i > 0) {
                           (is_backward ? backward : forward)[op].push_back(
                               std::chrono::duration<double>(now - last).count());
                         }
                         last = Clock::now();
                       });
  }
  std::vector<LayerTime> times;
  for (std::size_t op = 0; op < plan.ops.size(); ++op) {
    times.push_back(
        {name_of(plan.ops[op]), flops_of(plan.ops[op]), median(forward[op]), median(backward[op])});
  }
  return times;
}

}  // namespace ebm::nets
