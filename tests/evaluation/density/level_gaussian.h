#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <numbers>
#include <span>
#include <vector>

#include "base/random.h"
#include "samplers/energy.h"

namespace ebm::evaluation {

/// −ln p + C(σ) of N(m·1, aI + b·11ᵀ) with noise of σ, the context: every variance is a + b, every
/// covariance b.
class LevelGaussian : public samplers::Energy {
 public:
  struct Parts {
    std::int64_t dim = 2;
    double mean = 0.1, a = 0.3, b = 0.1;
    double constant = 0.0;        ///< C at σ = 1
    double constant_slope = 0.0;  ///< dC/d ln σ
  };
  explicit LevelGaussian(const Parts& parts) : parts_(parts) {}
  std::int64_t dim() const override { return parts_.dim; }
  std::int64_t context_dim() const override { return 1; }
  std::int64_t preferred_blocks() const override { return 1; }

  /// ln p(x, σ), nats.
  double log_density(std::span<const float> x, double sigma) const {
    double sum = 0.0, squares = 0.0;
    for (const float each : x) {
      sum += double{each} - parts_.mean;
      squares += std::pow(double{each} - parts_.mean, 2);
    }
    const auto d = static_cast<double>(parts_.dim);
    const double narrow = parts_.a + sigma * sigma, wide = narrow + d * parts_.b;
    const double quadratic = (squares - parts_.b / wide * sum * sum) / narrow;
    return -0.5 * (quadratic + d * std::log(2.0 * std::numbers::pi) + (d - 1.0) * std::log(narrow) +
                   std::log(wide));
  }

  std::unique_ptr<samplers::Evaluator> make_evaluator(std::int64_t) const override {
    struct Each : samplers::Evaluator {
      const LevelGaussian& owner;
      explicit Each(const LevelGaussian& o) : owner(o) {}
      void evaluate(const samplers::BlockView& chains, std::span<float> energy,
                    std::span<float> energy_grad) override {
        const auto lanes = static_cast<std::size_t>(samplers::kLanes);
        const auto dim = static_cast<std::size_t>(owner.dim());
        std::vector<float> x(dim);
        for (std::size_t chain = 0; chain < energy.size(); ++chain) {
          const std::size_t first = chain / lanes * dim * lanes + chain % lanes;
          double sum = 0.0;
          for (std::size_t i = 0; i < dim; ++i) {
            x[i] = chains.x[first + i * lanes];
            sum += double{x[i]} - owner.parts_.mean;
          }
          const double sigma = double{chains.context[chain]};
          const double narrow = owner.parts_.a + sigma * sigma;
          const double wide = narrow + static_cast<double>(dim) * owner.parts_.b;
          for (std::size_t i = 0; i < dim; ++i) {
            energy_grad[first + i * lanes] = static_cast<float>(
                (double{x[i]} - owner.parts_.mean - owner.parts_.b / wide * sum) / narrow);
          }
          energy[chain] = static_cast<float>(-owner.log_density(x, sigma) + owner.parts_.constant +
                                             owner.parts_.constant_slope * std::log(sigma));
        }
      }
    };
    return std::make_unique<Each>(*this);
  }

 private:
  Parts parts_;
};

/// Draws of sd `sd` around 0, [n, dim].
inline std::vector<float> spread_rows(std::int64_t n, std::int64_t dim, double sd,
                                      std::uint64_t seed) {
  base::RandomStream random({.seed = seed}, 0);
  std::vector<float> rows(static_cast<std::size_t>(n * dim));
  for (float& x : rows) x = static_cast<float>(sd * random.next_normal());
  return rows;
}

}  // namespace ebm::evaluation
