// An energy written in lanes: 16 chains side by side in SIMD registers. Highway compiles this file
// once per instruction set, and the best one of the machine is chosen at run time.
#include <ebm/samplers.h>

#include <cstdio>
#include <memory>
#include <vector>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lanes_energy.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h, which compiles this file once per target.
#include <ebm/samplers/simd/sum-inl.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace logistic::HWY_NAMESPACE {
using namespace ebm::samplers::HWY_NAMESPACE;
using ebm::samplers::kLanes;

/// One block of 16 chains of E(x) = Σ |x| + 2·ln(1 + exp(−|x|)), the logistic distribution.
/// @param x, grad  [dim, kLanes]
/// @param energy   [kLanes]
void evaluate_block(std::int64_t dim, const float* x, float* energy, float* grad) {
  const Lanes one = all_lanes(1.0f);
  const Lanes sum = sum_over(dim, [&](std::int64_t d, Lanes& part) HWY_ATTR {
    const Lanes v = load_lanes(x + d * kLanes);
    const Lanes t = exp_of_nonpositive(-abs_lanes(v));
    part = part + (abs_lanes(v) + all_lanes(2.0f) * log_lanes(one + t));
    // tanh(|x|/2) with the sign of x.
    const Lanes slope = (one - t) / (one + t);
    store_lanes(select_greater(v, all_lanes(0.0f), slope, -slope), grad + d * kLanes);
  });
  store_lanes(sum, energy);
}

}  // namespace logistic::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace logistic {
HWY_EXPORT(evaluate_block);

class Logistic : public ebm::samplers::Energy {
 public:
  explicit Logistic(std::int64_t dim) : dim_(dim) {}
  std::int64_t dim() const override { return dim_; }
  std::unique_ptr<ebm::samplers::Evaluator> make_evaluator(std::int64_t) const override {
    return ebm::samplers::make_block_evaluator(
        dim_, [dim = dim_](const float* x, float* energy, float* grad) {
          HWY_DYNAMIC_DISPATCH(evaluate_block)(dim, x, energy, grad);
        });
  }

 private:
  std::int64_t dim_;
};

}  // namespace logistic

int main() {
  const logistic::Logistic energy(4);
  const ebm::samplers::Mala kernel({.step_size = 1.0f});
  const std::vector<float> x = ebm::samplers::sample(
      energy, kernel, {.n_chains = 8000, .n_steps = 300, .seed = 1, .n_threads = 2});
  double mean_square = 0.0;
  for (const float v : x) mean_square += double{v} * v / static_cast<double>(x.size());
  std::printf("E[x^2] = %.3f, exactly 3.290\n", mean_square);
}
#endif
