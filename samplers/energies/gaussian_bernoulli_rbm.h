#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "samplers/energy.h"

namespace ebm::samplers {

/// A restricted Boltzmann machine with Gaussian visible units v and binary hidden units h, the
/// hidden ones summed out:
///   E(v, h) = |v − b|²/(2s²) − c·h − Σ_ij v_i W_ij h_j/s²,
///   E(v) = |v − b|²/(2s²) − Σ_j softplus(c_j + Σ_i v_i W_ij/s²).
/// Given h, v ~ N(b + W·h, s²·I): a mixture of 2^n_hidden Gaussians.
/// Source: Cho, Ilin & Raiko 2011, eq. 4, with one s for all units.
class GaussianBernoulliRbm : public Energy {
 public:
  /// Hidden units up to which log Z is enumerated: about 0.1 s.
  static constexpr std::size_t kMaxEnumerated = 20;

  /// @param weights       W, [n_visible, n_hidden] row-major
  /// @param visible_bias  b, [n_visible]
  /// @param hidden_bias   c, [n_hidden]
  /// @param sd            s
  /// @throws Error(kShape) if the sizes do not agree; Error(kUsage) if there is no unit of a kind,
  /// a
  ///         value is not finite or sd not positive.
  GaussianBernoulliRbm(std::vector<float> weights, std::vector<float> visible_bias,
                       std::vector<float> hidden_bias, float sd = 1.0f);
  std::int64_t dim() const override { return static_cast<std::int64_t>(visible_bias_.size()); }
  /// By enumeration of the hidden states; nothing with more than kMaxEnumerated hidden units.
  std::optional<double> log_z() const override;
  std::unique_ptr<Evaluator> make_evaluator(std::int64_t max_blocks) const override;

  std::int64_t n_hidden() const { return static_cast<std::int64_t>(hidden_bias_.size()); }

 private:
  std::vector<float> weights_;  // W
  std::vector<float> visible_bias_, hidden_bias_;
  float sd_;
  std::vector<float> to_hidden_;   // W/s², [n_visible, n_hidden]
  std::vector<float> to_visible_;  // its transpose
};

}  // namespace ebm::samplers
