#include "samplers/energies/noise_level_energy.h"

#include <array>
#include <cmath>
#include <numbers>
#include <utility>
#include <vector>

#include "base/aligned_vector.h"
#include "base/error.h"
#include "base/require.h"

namespace ebm::samplers {
namespace {

using EachLane = std::array<float, kLanes>;

class NoiseLevelEvaluator : public Evaluator {
 public:
  NoiseLevelEvaluator(const NoiseLevelEnergy& energy, std::int64_t max_blocks)
      : energy_(energy),
        evaluator_(energy.network().make_evaluator(max_blocks)),
        dim_(static_cast<std::size_t>(energy.dim())),
        context_dim_(static_cast<std::size_t>(energy.context_dim())),
        around_(static_cast<std::size_t>(max_blocks * kLanes)),
        scaled_(static_cast<std::size_t>(max_blocks) * dim_ * kLanes) {}

  void evaluate(const BlockView& chains, std::span<float> energy,
                std::span<float> energy_grad) override {
    const auto n_blocks = static_cast<std::size_t>(chains.n_blocks);
    for (std::size_t block = 0; block < n_blocks; ++block) {
      EachLane c_in;
      for (std::size_t i = 0; i < kLanes; ++i) {
        around_[block * kLanes + i] = energy_.scaling(level(chains, block, i));
        c_in[i] = around_[block * kLanes + i].c_in;
      }
      const std::size_t first = block * dim_ * kLanes;
      for (std::size_t at = first; at < first + dim_ * kLanes; at += kLanes) {
        for (std::size_t i = 0; i < kLanes; ++i) scaled_[at + i] = c_in[i] * chains.x[at + i];
      }
    }
    const std::span<const float> scaled = std::span(scaled_).first(chains.x.size());
    evaluator_->evaluate({chains.n_blocks, scaled, chains.context}, energy, energy_grad);
    for (std::size_t block = 0; block < n_blocks; ++block) {
      add_gaussian(chains, block, energy.data() + block * kLanes, energy_grad.data());
    }
  }

 private:
  float level(const BlockView& chains, std::size_t block, std::size_t lane) const {
    return chains.context[((block + 1) * context_dim_ - 1) * kLanes + lane];
  }

  /// Makes F and ∇F of a block E and ∇E.
  void add_gaussian(const BlockView& chains, std::size_t block, float* energy,
                    float* energy_grad) const {
    const NoiseLevelEnergy::Scaling* around = around_.data() + block * kLanes;
    EachLane precision, slope, squares = {};
    for (std::size_t i = 0; i < kLanes; ++i) {
      precision[i] = around[i].precision;
      slope[i] = around[i].slope;
    }
    const std::size_t first = block * dim_ * kLanes;
    for (std::size_t at = first; at < first + dim_ * kLanes; at += kLanes) {
      for (std::size_t i = 0; i < kLanes; ++i) {
        const float x = chains.x[at + i];
        squares[i] += x * x;
        energy_grad[at + i] = slope[i] * energy_grad[at + i] + precision[i] * x;
      }
    }
    for (std::size_t i = 0; i < kLanes; ++i) {
      energy[i] = around[i].c_out * energy[i] + 0.5f * precision[i] * squares[i] + around[i].log_z;
    }
  }

  const NoiseLevelEnergy& energy_;
  std::unique_ptr<Evaluator> evaluator_;
  std::size_t dim_, context_dim_;
  std::vector<NoiseLevelEnergy::Scaling> around_;  ///< of every chain
  base::AlignedVector<float> scaled_;
};

}  // namespace

NoiseLevelEnergy::NoiseLevelEnergy(std::shared_ptr<const Energy> energy, float data_sd,
                                   bool with_gaussian_log_z)
    : WrappedEnergy(std::move(energy)),
      data_sd_(data_sd),
      with_gaussian_log_z_(with_gaussian_log_z) {
  if (inner().context_dim() == 0) {
    throw Error(ErrorCode::kUsage, "energy has context_dim 0: must read a noise level");
  }
  base::require_positive("data_sd", double{data_sd});
}

std::unique_ptr<Evaluator> NoiseLevelEnergy::make_evaluator(std::int64_t max_blocks) const {
  return std::make_unique<NoiseLevelEvaluator>(*this, max_blocks);
}

NoiseLevelEnergy::Scaling NoiseLevelEnergy::scaling(float sigma) const {
  const float variance = sigma * sigma + data_sd_ * data_sd_;
  const float c_out = data_sd_ / sigma;
  double log_z = 0.0;
  if (with_gaussian_log_z_) {
    log_z = 0.5 * static_cast<double>(dim()) * std::log(2.0 * std::numbers::pi * double{variance});
  }
  return {.c_in = 1.0f / std::sqrt(variance),
          .c_out = c_out,
          .slope = c_out / std::sqrt(variance),
          .precision = 1.0f / variance,
          .log_z = static_cast<float>(log_z)};
}

}  // namespace ebm::samplers
