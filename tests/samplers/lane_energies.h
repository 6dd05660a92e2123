#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <numbers>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "samplers/energy.h"

namespace ebm::samplers {

/// An energy from a function of one block that adds to an energy of zeros.
class LaneEnergy : public Energy {
 public:
  /// x and grad are [dim, kLanes], energy is [kLanes].
  using Function = std::function<void(const float* x, float* energy, float* grad)>;
  LaneEnergy(std::int64_t dim, Function function, double log_z)
      : dim_(dim), function_(std::move(function)), log_z_(log_z) {}
  std::int64_t dim() const override { return dim_; }
  std::optional<double> log_z() const override { return log_z_; }
  std::unique_ptr<Evaluator> make_evaluator(std::int64_t) const override {
    struct Each : Evaluator {
      const LaneEnergy& owner;
      explicit Each(const LaneEnergy& o) : owner(o) {}
      void evaluate(const BlockView& chains, std::span<float> energy,
                    std::span<float> energy_grad) override {
        std::fill(energy.begin(), energy.end(), 0.0f);
        for (std::int64_t block = 0; block < chains.n_blocks; ++block) {
          const std::int64_t rows = block * owner.dim_ * kLanes;
          owner.function_(chains.x.data() + rows, energy.data() + block * kLanes,
                          energy_grad.data() + rows);
        }
      }
    };
    return std::make_unique<Each>(*this);
  }

 private:
  std::int64_t dim_;
  Function function_;
  double log_z_;
};

inline constexpr double kLogRootTwoPi = 0.91893853320467274;

/// E = Σ ½·k_d·x_d², k_d from 0.7 to 1.5: log Z = Σ ln √(2π/k_d).
inline std::shared_ptr<const Energy> diagonal_gaussian(std::int64_t dim) {
  std::vector<float> k(static_cast<std::size_t>(dim));
  double log_z = 0;
  for (std::size_t d = 0; d < k.size(); ++d) {
    k[d] = 0.7f + 0.8f * static_cast<float>(d) / static_cast<float>(dim - 1);
    log_z += kLogRootTwoPi - 0.5 * std::log(k[d]);
  }
  return std::make_shared<LaneEnergy>(
      dim,
      [k](const float* x, float* energy, float* grad) {
        for (std::size_t d = 0; d < k.size(); ++d) {
          for (std::size_t i = 0; i < kLanes; ++i) {
            const float v = x[d * kLanes + i];
            grad[d * kLanes + i] = k[d] * v;
            energy[i] += 0.5f * k[d] * v * v;
          }
        }
      },
      log_z);
}

/// E = ½·xᵀCx, C = I + a·(2I − S − Sᵀ), S the shift around a ring: its eigenvalues are
/// 1 + 2a·(1 − cos 2πj/dim).
inline std::shared_ptr<const Energy> circulant_gaussian(std::int64_t dim, float a) {
  double log_z = 0;
  for (std::int64_t j = 0; j < dim; ++j) {
    const double angle = 2 * std::numbers::pi * static_cast<double>(j) / static_cast<double>(dim);
    log_z += kLogRootTwoPi - 0.5 * std::log(1 + 2 * a * (1 - std::cos(angle)));
  }
  return std::make_shared<LaneEnergy>(
      dim,
      [dim, a](const float* x, float* energy, float* grad) {
        for (std::int64_t d = 0; d < dim; ++d) {
          const float* at = x + d * kLanes;
          const float* left = x + (d + dim - 1) % dim * kLanes;
          const float* right = x + (d + 1) % dim * kLanes;
          for (std::int64_t i = 0; i < kLanes; ++i) {
            const float pull = (1 + 2 * a) * at[i] - a * (left[i] + right[i]);
            grad[d * kLanes + i] = pull;
            energy[i] += 0.5f * at[i] * pull;
          }
        }
      },
      log_z);
}

/// E = ½·‖x‖² + ½·Σ_r s_r·(u_rᵀx)², u_r the orthonormal vectors (cos, sin)(2π·d/dim)·√(2/dim):
/// det = Π(1 + s_r).
inline std::shared_ptr<const Energy> low_rank_gaussian(std::int64_t dim, float s0, float s1) {
  const auto n = static_cast<std::size_t>(dim);
  std::vector<float> u(n), v(n);
  for (std::size_t d = 0; d < n; ++d) {
    const double angle = 2 * std::numbers::pi * static_cast<double>(d) / static_cast<double>(dim);
    u[d] = static_cast<float>(std::sqrt(2.0 / static_cast<double>(dim)) * std::cos(angle));
    v[d] = static_cast<float>(std::sqrt(2.0 / static_cast<double>(dim)) * std::sin(angle));
  }
  const double log_z = static_cast<double>(dim) * kLogRootTwoPi -
                       0.5 * (std::log1p(double{s0}) + std::log1p(double{s1}));
  return std::make_shared<LaneEnergy>(
      dim,
      [=](const float* x, float* energy, float* grad) {
        float a[kLanes] = {}, b[kLanes] = {};
        for (std::size_t d = 0; d < n; ++d) {
          for (std::size_t i = 0; i < kLanes; ++i) {
            const float value = x[d * kLanes + i];
            a[i] += u[d] * value;
            b[i] += v[d] * value;
            energy[i] += 0.5f * value * value;
          }
        }
        for (std::size_t i = 0; i < kLanes; ++i) {
          energy[i] += 0.5f * (s0 * a[i] * a[i] + s1 * b[i] * b[i]);
          a[i] *= s0;
          b[i] *= s1;
        }
        for (std::size_t d = 0; d < n; ++d) {
          for (std::size_t i = 0; i < kLanes; ++i) {
            grad[d * kLanes + i] = x[d * kLanes + i] + a[i] * u[d] + b[i] * v[d];
          }
        }
      },
      log_z);
}

/// E = Σ (β·e^{x_d} − α·x_d): x is the logarithm of a Gamma(α, β) variable, log Z =
/// dim·(lnΓ(α) − α·ln β).
inline std::shared_ptr<const Energy> log_gamma_energy(std::int64_t dim, float alpha, float beta) {
  const double log_z = static_cast<double>(dim) * (std::lgamma(alpha) - alpha * std::log(beta));
  return std::make_shared<LaneEnergy>(
      dim,
      [=](const float* x, float* energy, float* grad) {
        for (std::int64_t i = 0; i < dim * kLanes; ++i) {
          const float rate = beta * std::exp(x[i]);
          energy[i % kLanes] += rate - alpha * x[i];
          grad[i] = rate - alpha;
        }
      },
      log_z);
}

/// Gaussian visible, hidden bits summed out: E = ½·‖x − b‖² − Σ_j ln(1 + exp(c_j + w_jᵀx)), with
/// made-up weights. log Z by enumeration of the hidden states h: ln (2π)^{dim/2}·Σ_h exp(cᵀh + bᵀWh
/// + ½·‖Wh‖²), W's columns the w_j.
inline std::shared_ptr<const Energy> gaussian_rbm(std::int64_t dim, std::size_t n_hidden) {
  const auto n = static_cast<std::size_t>(dim);
  std::vector<float> b(n), c(n_hidden), w(n_hidden * n);
  for (std::size_t i = 0; i < n; ++i) b[i] = std::sin(1.0f + static_cast<float>(i));
  for (std::size_t j = 0; j < n_hidden; ++j) c[j] = std::cos(2.0f * static_cast<float>(j)) - 1;
  for (std::size_t i = 0; i < w.size(); ++i) w[i] = 0.8f * std::sin(3.0f * static_cast<float>(i));
  double z = 0;
  for (std::size_t h = 0; h < std::size_t{1} << n_hidden; ++h) {
    double exponent = 0;
    std::vector<double> drive(n, 0.0);
    for (std::size_t j = 0; j < n_hidden; ++j) {
      if ((h >> j & 1) == 0) continue;
      exponent += c[j];
      for (std::size_t i = 0; i < n; ++i) drive[i] += w[j * n + i];
    }
    for (std::size_t i = 0; i < n; ++i) exponent += drive[i] * b[i] + 0.5 * drive[i] * drive[i];
    z += std::exp(exponent);
  }
  return std::make_shared<LaneEnergy>(
      dim,
      [=](const float* x, float* energy, float* grad) {
        for (std::size_t i = 0; i < n * kLanes; ++i) {
          const float pull = x[i] - b[i / kLanes];
          energy[i % kLanes] += 0.5f * pull * pull;
          grad[i] = pull;
        }
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
          for (std::size_t j = 0; j < n_hidden; ++j) {
            float drive = c[j];
            for (std::size_t i = 0; i < n; ++i) drive += w[j * n + i] * x[i * kLanes + lane];
            energy[lane] -= std::log1p(std::exp(drive));
            const float on = 1.0f / (1.0f + std::exp(-drive));
            for (std::size_t i = 0; i < n; ++i) grad[i * kLanes + lane] -= on * w[j * n + i];
          }
        }
      },
      static_cast<double>(dim) * kLogRootTwoPi + std::log(z));
}

}  // namespace ebm::samplers
