#include <nanobind/nanobind.h>
#include <nanobind/stl/array.h>
#include <nanobind/stl/pair.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/interruption.h"
#include "base/require.h"
#include "models/open_model.h"
#include "python/src/arrays.h"
#include "python/src/bind.h"
#include "samplers/simd/lane_count.h"

namespace ebm::python {
namespace {

using samplers::kLanes;

/// Takes E and ∇ₓE from a function of Python, rows [n, dim] -> ([n], [n, dim]), with all chains in
/// one call.
class CallableEvaluator : public samplers::Evaluator {
 public:
  CallableEvaluator(const nb::object& function, std::int64_t dim)
      : function_(function), dim_(dim) {}

  void evaluate(const samplers::BlockView& chains, std::span<float> energy,
                std::span<float> energy_grad) override {
    base::throw_if_interrupted();
    const std::int64_t n = chains.n_blocks * kLanes;
    std::vector<float> rows(static_cast<std::size_t>(n * dim_));
    for (std::int64_t i = 0; i < n; ++i) {
      for (std::int64_t k = 0; k < dim_; ++k) rows[at(i, k)] = chains.x[lane_at(i, k)];
    }
    const nb::gil_scoped_acquire held;
    const auto [values, slopes] =
        nb::cast<std::pair<Array, Array>>(function_(to_numpy(std::move(rows), {n, dim_})));
    require_size(values, n, "energies");
    require_size(slopes, n * dim_, "gradients");
    for (std::int64_t i = 0; i < n; ++i) {
      energy[static_cast<std::size_t>(i)] = values.data()[i];
      for (std::int64_t k = 0; k < dim_; ++k) energy_grad[lane_at(i, k)] = slopes.data()[at(i, k)];
    }
  }

 private:
  std::size_t at(std::int64_t i, std::int64_t k) const {
    return static_cast<std::size_t>(i * dim_ + k);
  }
  std::size_t lane_at(std::int64_t i, std::int64_t k) const {
    return static_cast<std::size_t>(((i / kLanes) * dim_ + k) * kLanes + i % kLanes);
  }
  static void require_size(const Array& found, std::int64_t expected, const std::string& what) {
    if (static_cast<std::int64_t>(found.size()) == expected) return;
    throw Error(ErrorCode::kShape, "the energy's function returned " +
                                       std::to_string(found.size()) + " " + what + "; expected " +
                                       std::to_string(expected));
  }

  const nb::object& function_;
  std::int64_t dim_;
};

class CallableEnergy : public samplers::Energy {
 public:
  CallableEnergy(nb::object function, std::int64_t dim)
      : function_(std::move(function)), dim_(dim) {
    base::require_at_least("dim", dim, 1);
  }
  ~CallableEnergy() override {
    const nb::gil_scoped_acquire held;
    function_.reset();
  }
  CallableEnergy(const CallableEnergy&) = delete;
  CallableEnergy& operator=(const CallableEnergy&) = delete;

  std::int64_t dim() const override { return dim_; }
  std::int64_t preferred_blocks() const override { return std::numeric_limits<int>::max(); }
  std::unique_ptr<samplers::Evaluator> make_evaluator(std::int64_t /*max_blocks*/) const override {
    return std::make_unique<CallableEvaluator>(function_, dim_);
  }

 private:
  nb::object function_;
  std::int64_t dim_;
};

models::EnergyModel from_callable(nb::object function, std::array<std::int64_t, 3> shape) {
  models::EnergyModel model;
  model.shape = {shape[0], shape[1], shape[2]};
  model.is_image = shape[1] > 1 || shape[2] > 1;
  model.energy = std::make_shared<CallableEnergy>(std::move(function), model.shape.size());
  return model;
}

}  // namespace

void bind_callable(nb::module_& module) { module.def("from_callable", from_callable); }

}  // namespace ebm::python
