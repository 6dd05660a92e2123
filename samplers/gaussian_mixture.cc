#include "samplers/gaussian_mixture.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <string>
#include <utility>

#include "base/error.h"

namespace ebm::samplers {
namespace {

class GaussianMixtureEvaluator : public Evaluator {
 public:
  explicit GaussianMixtureEvaluator(const GaussianMixture& mixture)
      : mixture_(mixture), log_part_(mixture.log_peaks().size() * kLanes) {}

  void evaluate(const BlockView& chains, std::span<float> energy,
                std::span<float> energy_grad) override {
    const std::int64_t dim = mixture_.dim();
    for (std::int64_t block = 0; block < chains.n_blocks; ++block) {
      evaluate_block(chains.x.data() + block * dim * kLanes, energy.data() + block * kLanes,
                     energy_grad.data() + block * dim * kLanes);
    }
  }

 private:
  // ∇E = Σ_k r_k (x − μ_k)/s² with responsibilities r, the largest log-density taken out of the
  // exponentials so that they neither overflow nor all vanish.
  void evaluate_block(const float* x, float* energy, float* grad) {
    const std::int64_t dim = mixture_.dim();
    const auto n_modes = static_cast<std::int64_t>(mixture_.log_peaks().size());
    const float precision = 1.0f / (mixture_.sd() * mixture_.sd());
    float largest[kLanes];
    std::fill_n(largest, kLanes, -INFINITY);
    for (std::int64_t k = 0; k < n_modes; ++k) {
      const float* mean = mixture_.means().data() + k * dim;
      float* log_part = log_part_.data() + k * kLanes;
      float squared[kLanes] = {};
      for (std::int64_t d = 0; d < dim; ++d) {
        for (std::int64_t lane = 0; lane < kLanes; ++lane) {
          const float offset = x[d * kLanes + lane] - mean[d];
          squared[lane] += offset * offset;
        }
      }
      for (std::int64_t lane = 0; lane < kLanes; ++lane) {
        log_part[lane] =
            mixture_.log_peaks()[static_cast<std::size_t>(k)] - 0.5f * precision * squared[lane];
        largest[lane] = std::max(largest[lane], log_part[lane]);
      }
    }
    float total[kLanes] = {};
    for (std::int64_t k = 0; k < n_modes; ++k) {
      float* log_part = log_part_.data() + k * kLanes;
      for (std::int64_t lane = 0; lane < kLanes; ++lane) {
        log_part[lane] = std::exp(log_part[lane] - largest[lane]);
        total[lane] += log_part[lane];
      }
    }
    for (std::int64_t lane = 0; lane < kLanes; ++lane) {
      energy[lane] = -largest[lane] - std::log(total[lane]);
    }
    for (std::int64_t d = 0; d < dim; ++d) {
      float sum[kLanes] = {};
      for (std::int64_t k = 0; k < n_modes; ++k) {
        const float mean = mixture_.means()[static_cast<std::size_t>(k * dim + d)];
        for (std::int64_t lane = 0; lane < kLanes; ++lane) {
          sum[lane] += log_part_[static_cast<std::size_t>(k * kLanes + lane)] *
                       (x[d * kLanes + lane] - mean);
        }
      }
      for (std::int64_t lane = 0; lane < kLanes; ++lane) {
        grad[d * kLanes + lane] = precision * sum[lane] / total[lane];
      }
    }
  }

  const GaussianMixture& mixture_;
  std::vector<float> log_part_;
};

}  // namespace

GaussianMixture::GaussianMixture(std::int64_t dim, std::vector<float> means,
                                 std::vector<float> weights, float sd)
    : dim_(dim), means_(std::move(means)), log_peaks_(weights.size()), sd_(sd) {
  if (dim < 1 || weights.empty() ||
      means_.size() != weights.size() * static_cast<std::size_t>(dim)) {
    throw Error(ErrorCode::kShape, "a mixture of " + std::to_string(weights.size()) +
                                       " modes in dim " + std::to_string(dim) + " has " +
                                       std::to_string(means_.size()) + " mean values");
  }
  if (!(sd > 0.0f)) {
    throw Error(ErrorCode::kUsage, "sd = " + std::to_string(sd) + ": must be positive");
  }
  if (!std::all_of(weights.begin(), weights.end(), [](float w) { return w > 0.0f; })) {
    throw Error(ErrorCode::kUsage, "a weight of the mixture is not positive");
  }
  const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
  const double log_width = std::log(static_cast<double>(sd) * std::sqrt(2.0 * std::numbers::pi));
  for (std::size_t k = 0; k < weights.size(); ++k) {
    log_peaks_[k] =
        static_cast<float>(std::log(weights[k] / total) - static_cast<double>(dim) * log_width);
  }
}

std::unique_ptr<Evaluator> GaussianMixture::make_evaluator(std::int64_t) const {
  return std::make_unique<GaussianMixtureEvaluator>(*this);
}

GaussianMixture eight_gaussians() {
  std::vector<float> means;
  for (int k = 0; k < 8; ++k) {
    const double angle = 2.0 * std::numbers::pi * k / 8.0;
    means.push_back(static_cast<float>(std::cos(angle)));
    means.push_back(static_cast<float>(std::sin(angle)));
  }
  return GaussianMixture(2, std::move(means), std::vector<float>(8, 1.0f), 0.15f);
}

}  // namespace ebm::samplers
