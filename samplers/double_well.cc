#include "samplers/double_well.h"

#include <string>

#include "base/error.h"

namespace ebm::samplers {
namespace {

class DoubleWellEvaluator : public Evaluator {
 public:
  DoubleWellEvaluator(std::int64_t dim, float height) : dim_(dim), height_(height) {}

  void evaluate(const BlockView& chains, std::span<float> energy,
                std::span<float> energy_grad) override {
    for (std::int64_t block = 0; block < chains.n_blocks; ++block) {
      const float* x = chains.x.data() + block * dim_ * kLanes;
      float* grad = energy_grad.data() + block * dim_ * kLanes;
      float sum[kLanes] = {};
      for (std::int64_t d = 0; d < dim_; ++d) {
        for (std::int64_t lane = 0; lane < kLanes; ++lane) {
          const float v = x[d * kLanes + lane];
          const float excess = v * v - 1.0f;
          sum[lane] += excess * excess;
          grad[d * kLanes + lane] = 4.0f * height_ * v * excess;
        }
      }
      for (std::int64_t lane = 0; lane < kLanes; ++lane) {
        energy[static_cast<std::size_t>(block * kLanes + lane)] = height_ * sum[lane];
      }
    }
  }

 private:
  std::int64_t dim_;
  float height_;
};

}  // namespace

DoubleWell::DoubleWell(std::int64_t dim, float height) : dim_(dim), height_(height) {
  if (dim < 1) {
    throw Error(ErrorCode::kUsage, "dim = " + std::to_string(dim) + ": must be at least 1");
  }
  if (!(height > 0.0f)) {
    throw Error(ErrorCode::kUsage, "height = " + std::to_string(height) + ": must be positive");
  }
}

std::unique_ptr<Evaluator> DoubleWell::make_evaluator(std::int64_t) const {
  return std::make_unique<DoubleWellEvaluator>(dim_, height_);
}

}  // namespace ebm::samplers
