#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "samplers/energy.h"

namespace ebm::samplers {

/// E(x, σ) = ‖x − m‖²/(2(s² + σ²)): data N(m, s²I) with noise of σ, the last number of the context.
/// With a label before it, m = mean + label.
class NoisyGaussian : public Energy {
 public:
  NoisyGaussian(std::int64_t dim, float mean, float sd, std::int64_t context_dim = 1,
                std::int64_t preferred = 1)
      : dim_(dim), mean_(mean), sd_(sd), context_dim_(context_dim), preferred_(preferred) {}
  std::int64_t dim() const override { return dim_; }
  std::int64_t context_dim() const override { return context_dim_; }
  std::int64_t preferred_blocks() const override { return preferred_; }
  std::unique_ptr<Evaluator> make_evaluator(std::int64_t) const override {
    struct Each : Evaluator {
      const NoisyGaussian& owner;
      explicit Each(const NoisyGaussian& o) : owner(o) {}
      void evaluate(const BlockView& chains, std::span<float> energy,
                    std::span<float> energy_grad) override {
        std::fill(energy.begin(), energy.end(), 0.0f);
        const std::size_t lanes = kLanes, block = lanes * static_cast<std::size_t>(owner.dim_);
        const auto width = static_cast<std::size_t>(owner.context_dim_);
        for (std::size_t i = 0; i < chains.x.size(); ++i) {
          const float* context = chains.context.data() + i / block * width * lanes + i % lanes;
          const float sigma = context[(width - 1) * lanes];
          const float mean = owner.mean_ + (width > 1 ? context[0] : 0.0f);
          const float variance = owner.sd_ * owner.sd_ + sigma * sigma;
          energy_grad[i] = (chains.x[i] - mean) / variance;
          energy[i / block * lanes + i % lanes] += 0.5f * (chains.x[i] - mean) * energy_grad[i];
        }
      }
    };
    return std::make_unique<Each>(*this);
  }

 private:
  std::int64_t dim_;
  float mean_, sd_;
  std::int64_t context_dim_, preferred_;
};

}  // namespace ebm::samplers
