#include "torch_nets/training_backend.h"

#include <torch/cuda.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "base/error.h"
#include "nets/architecture/condition.h"
#include "torch_nets/device_chains.h"
#include "torch_nets/intraop_threads.h"
#include "torch_nets/row_groups.h"
#include "torch_nets/torch_net.h"
#include "torch_nets/weight_gradient.h"

namespace ebm::torch_nets {
namespace {

std::span<float> row_of(std::vector<float>& rows, std::int64_t row, std::int64_t dim) {
  return std::span(rows).subspan(static_cast<std::size_t>(row * dim),
                                 static_cast<std::size_t>(dim));
}

ebm::WeightGradient on_host(WeightGradient found) {
  ebm::WeightGradient result{.energies = std::move(found.energies), .gradient = {}};
  for (const torch::Tensor& each : found.gradient) result.gradient.push_back(to_vector(each));
  return result;
}

class TorchEvaluation : public EvaluatedNet {
 public:
  TorchEvaluation(const training::TrainedNet& weights, const ChainDynamics& dynamics,
                  const TrainOptions& options)
      : weights_(weights),
        dynamics_(dynamics),
        net_(std::make_shared<TorchNet>(weights.architecture(),
                                        static_cast<std::uint64_t>(options.seed))),
        n_threads_(static_cast<int>(options.threads)) {
    net_->to(torch::Device(options.device == Device::kCuda ? torch::kCUDA : torch::kCPU));
    net_->set_intraop_threads(static_cast<int>(options.intraop_threads));
    update();
  }

  void update() override {
    driver_.reset();  // which holds a copy of the weights
    const torch::NoGradGuard no_grad;
    for (std::size_t i = 0; i < net_->tensors().size(); ++i) {
      const torch::Tensor& to = net_->tensors()[i];
      to.copy_(torch::tensor(weights_.tensors()[i]).reshape(to.sizes()));
    }
  }

  const nets::Architecture& architecture() const override { return net_->architecture(); }

  ebm::WeightGradient weight_gradient(const nets::Rows& rows,
                                      const ebm::Coefficient& coefficient) const override {
    return on_host(torch_nets::weight_gradient(*net_, rows, coefficient, n_threads_));
  }

  ebm::WeightGradient mixed_gradient(const nets::Rows& rows, const Direction& direction,
                                     bool /*in_float32*/) const override {
    const std::int64_t dim = architecture().input.size();
    const auto vectors = [&](std::int64_t first, const torch::Tensor& grad) {
      auto grads = to_vector(grad);
      std::vector<float> directions(grads.size());
      for (std::int64_t row = 0; row < grad.size(0); ++row) {
        direction(first + row, row_of(grads, row, dim), row_of(directions, row, dim));
      }
      return torch::tensor(directions).reshape(grad.sizes()).to(grad.device());
    };
    return on_host(torch_nets::mixed_gradient(*net_, rows, vectors, n_threads_));
  }

  ebm::WeightGradient level_gradient(const nets::Rows& rows,
                                     const LevelDirection& direction) const override {
    const std::int64_t dim = architecture().input.size();
    const auto factors = [&](std::int64_t first, const LevelValues& values) {
      const auto energies = to_vector(values.of_energy), slopes = to_vector(values.of_slope);
      auto grads = to_vector(values.of_grad);
      std::vector<float> c(energies.size()), v(grads.size()), w(energies.size());
      for (std::size_t i = 0; i < energies.size(); ++i) {
        const auto row = static_cast<std::int64_t>(i);
        const LevelFactors found = direction(first + row, energies[i], slopes[i],
                                             row_of(grads, row, dim), row_of(v, row, dim));
        c[i] = found.energy;
        w[i] = found.level_slope;
      }
      const auto like = [](const std::vector<float>& each, const torch::Tensor& to) {
        return torch::tensor(each).reshape(to.sizes()).to(to.device());
      };
      return LevelValues{like(c, values.of_energy), like(v, values.of_grad),
                         like(w, values.of_slope)};
    };
    return on_host(torch_nets::level_gradient(*net_, rows, factors, n_threads_));
  }

  CurvatureGradient curvature_gradient(const nets::Rows& rows, std::span<const float> directions,
                                       float coefficient) const override {
    const std::size_t n = rows.x.size() / static_cast<std::size_t>(architecture().input.size());
    CurvatureGradient found{.energies = {}, .curvatures = std::vector<float>(n), .gradient = {}};
    ebm::WeightGradient gradient = on_host(torch_nets::curvature_gradient(
        *net_, rows, directions, coefficient, found.curvatures, n_threads_));
    found.energies = std::move(gradient.energies);
    found.gradient = std::move(gradient.gradient);
    return found;
  }

  EnergyGradients energy_gradients(const nets::Rows& rows) const override {
    const std::int64_t dim = architecture().input.size(), n = std::ssize(rows.x) / dim;
    nets::require_context(architecture(), rows.context, n);
    EnergyGradients found{.energies = std::vector<float>(static_cast<std::size_t>(n)),
                          .energy_grads = std::vector<float>(rows.x.size())};
    const auto weights = net_->frozen_weights();
    for_each_row_group(*net_, n, n_threads_, [&](const RowGroup& group) {
      const torch::AutoGradMode with_grad(true);
      const auto x = rows_of(rows.x, group, dim).to(weights.front().device()).requires_grad_(true);
      const auto energies =
          net_->forward_with(weights, x, context_of(net_->architecture(), rows.context, group));
      const auto grads = to_vector(torch::autograd::grad({energies.sum()}, {x})[0]);
      std::ranges::copy(to_vector(energies), found.energies.begin() + group.first);
      std::ranges::copy(grads, found.energy_grads.begin() + group.first * dim);
    });
    return found;
  }

  std::vector<float> energies(const nets::Rows& rows) const override {
    const std::int64_t dim = architecture().input.size(), n = std::ssize(rows.x) / dim;
    nets::require_context(architecture(), rows.context, n);
    std::vector<float> found(static_cast<std::size_t>(n));
    const auto weights = net_->frozen_weights();
    for_each_row_group(*net_, n, n_threads_, [&](const RowGroup& group) {
      const torch::NoGradGuard no_grad;
      const auto x = rows_of(rows.x, group, dim).to(weights.front().device());
      const auto context = context_of(net_->architecture(), rows.context, group);
      std::ranges::copy(to_vector(net_->forward_with(weights, x, context)),
                        found.begin() + group.first);
    });
    return found;
  }

  samplers::ChainDriver& chain_driver() const override {
    if (!driver_) {
      driver_ = make_chain_driver(net_, dynamics_.langevin, n_threads_, dynamics_.base,
                                  dynamics_.kernel, dynamics_.data_sd);
    }
    return *driver_;
  }

 private:
  const training::TrainedNet& weights_;
  ChainDynamics dynamics_;
  std::shared_ptr<TorchNet> net_;
  int n_threads_;
  mutable std::unique_ptr<samplers::ChainDriver> driver_;  // once it was asked for
};

}  // namespace

NetBackend training_backend(const TrainOptions& options) {
  if (options.device == Device::kCuda && !torch::cuda::is_available()) {
    throw Error(
        ErrorCode::kUsage,
        "device = cuda: this LibTorch sees no CUDA device; use cpu, or build with a LibTorch "
        "that has CUDA");
  }
  use_one_intraop_thread();
  return [options](const training::TrainedNet& net, const ChainDynamics& dynamics) {
    return std::make_unique<TorchEvaluation>(net, dynamics, options);
  };
}

}  // namespace ebm::torch_nets
