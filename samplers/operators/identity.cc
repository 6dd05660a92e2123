#include "samplers/operators/identity.h"

#include <algorithm>

#include "base/require.h"

namespace ebm::samplers {
namespace {

class Identity : public LinearOperator {
 public:
  explicit Identity(std::int64_t dim) : dim_(dim) {}
  std::int64_t dim() const override { return dim_; }
  std::int64_t output_dim() const override { return dim_; }
  void apply(const float* x, float* y, float* /*scratch*/) const override {
    std::copy_n(x, dim_ * kLanes, y);
  }
  void adjoint(const float* r, float* g, float* /*scratch*/) const override {
    std::copy_n(r, dim_ * kLanes, g);
  }

 private:
  std::int64_t dim_;
};

}  // namespace

std::shared_ptr<const LinearOperator> identity_operator(std::int64_t dim) {
  base::require_at_least("dim", dim, 1);
  return std::make_shared<Identity>(dim);
}

}  // namespace ebm::samplers
