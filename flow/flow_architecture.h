#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "nets/architecture/architecture.h"
#include "training/config_table.h"

namespace ebm::flow {

/// The activations that a flow may have, by their names in files.
std::span<const base::Choice<nets::ActivationKind>> flow_activations();

/// An invertible residual network as data. After a logit, if there is one, scale after scale, each
/// of which begins by making squares of 2x2 values channels ("squeeze") unless there are none of
/// these, has `blocks` times
///   x <- exp(s)·(x + t),  s and t of each channel     (ActNorm)
///   x <- x + g(x),        Lip(g) < 1                  (residual block)
/// where g is activation, convolution, activation, convolution, activation, convolution (3x3, 1x1,
/// 3x3; 1x1 for points), in the first block of all without the first activation.
/// Source: Behrmann, Grathwohl, Chen, Duvenaud, Jacobsen 2019, "Invertible residual networks";
/// ActNorm: Kingma & Dhariwal 2018, section 3.1.
struct FlowArchitecture {
  nets::Shape item;
  double logit = 0.0;  ///< α of what items in [−1, 1] begin with (flow/logit.h); 0: nothing
  std::int64_t squeezes = 0;
  std::int64_t blocks = 8;                                       ///< of each scale
  std::int64_t hidden = 32;                                      ///< channels within g
  nets::ActivationKind activation = nets::ActivationKind::kElu;  ///< of flow_activations()
  double coefficient = 0.9;  ///< c: each layer of g, with the activation before it, has at most it

  /// The keys of a file. The targets are the members of this object.
  training::ConfigTable table();

  /// @throws Error(kUsage) naming the key, its value and what would be right.
  void validate() const;

  std::int64_t n_blocks() const { return blocks * n_scales(); }
  std::int64_t n_scales() const { return squeezes == 0 ? 1 : squeezes; }
  /// Whether a squeeze comes before block number `block` of all.
  bool squeezes_before(std::int64_t block) const { return squeezes > 0 && block % blocks == 0; }
  /// What block number `block` takes and gives.
  nets::Shape shape_at(std::int64_t block) const;
  /// g of block number `block`.
  nets::Architecture branch(std::int64_t block) const;
  /// The bound on the norm of each convolution of that g: c, or c/Lip(activation) behind one.
  std::vector<double> norm_bounds(std::int64_t block) const;
  /// The Lipschitz constant of the activation: 1 of elu, softplus and tanh, 1.0999 of silu.
  double activation_slope() const;

  bool operator==(const FlowArchitecture&) const = default;
};

/// @throws Error(kBadData) naming origin and what is wrong.
FlowArchitecture flow_architecture_from_toml(std::string_view text, const std::string& origin);

}  // namespace ebm::flow
