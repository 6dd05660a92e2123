#include "ebm/compiled_backend.h"

#include <utility>

#include "nets/compiled/compiled_net.h"
#include "nets/compiled/forward_energies.h"
#include "nets/compiled/plan.h"
#include "nets/gradients/curvature_gradient.h"
#include "nets/gradients/mixed_gradient.h"
#include "nets/gradients/weight_gradient.h"
#include "samplers/chain_block.h"
#include "samplers/energies/noise_level_energy.h"
#include "samplers/run_chains.h"

namespace ebm {
namespace {

std::unique_ptr<samplers::ChainDriver> driver_of(std::shared_ptr<const samplers::Energy> energy,
                                                 const ChainDynamics& dynamics, int n_threads) {
  if (dynamics.data_sd > 0.0f) {
    energy = std::make_shared<samplers::NoiseLevelEnergy>(std::move(energy), dynamics.data_sd);
  }
  if (dynamics.base.energy) {
    energy = std::make_shared<samplers::SumEnergy>(
        std::vector<samplers::SumEnergy::Term>{{std::move(energy), 1.0f}, dynamics.base});
  }
  auto kernel = dynamics.kernel;
  if (!kernel) kernel = std::make_shared<samplers::Langevin>(dynamics.langevin);
  return std::make_unique<samplers::HostChainDriver>(std::move(energy), std::move(kernel),
                                                     n_threads);
}

class CompiledEvaluation : public EvaluatedNet {
 public:
  CompiledEvaluation(const training::TrainedNet& net, std::shared_ptr<const nets::Plan> plan,
                     const ChainDynamics& dynamics, int n_threads)
      : net_(net),
        compiled_(std::make_shared<nets::CompiledNet>(std::move(plan), net.layer_weights())),
        driver_(driver_of(compiled_, dynamics, n_threads)),
        n_threads_(n_threads) {}

  void update() override { compiled_->set_weights(net_.layer_weights()); }
  const nets::Architecture& architecture() const override { return net_.architecture(); }

  WeightGradient weight_gradient(const nets::Rows& rows,
                                 const Coefficient& coefficient) const override {
    auto found = nets::weight_gradient(*compiled_, rows, coefficient, n_threads_);
    return {std::move(found.energies), net_.parameter_gradient(std::move(found.gradient))};
  }

  WeightGradient mixed_gradient(const nets::Rows& rows, const Direction& direction,
                                bool in_float32) const override {
    const nets::CompiledNet& net = in_float32 ? float32_net() : *compiled_;
    auto found = nets::mixed_gradient(net, rows, direction, n_threads_);
    return {std::move(found.energies), net_.parameter_gradient(std::move(found.gradient))};
  }

  WeightGradient level_gradient(const nets::Rows& rows,
                                const LevelDirection& direction) const override {
    auto found = nets::level_gradient(*compiled_, rows, direction, n_threads_);
    return {std::move(found.energies), net_.parameter_gradient(std::move(found.gradient))};
  }

  CurvatureGradient curvature_gradient(const nets::Rows& rows, std::span<const float> directions,
                                       float coefficient) const override {
    auto found = nets::curvature_gradient(*compiled_, rows, directions, coefficient, n_threads_);
    return {std::move(found.energies), std::move(found.curvatures),
            net_.parameter_gradient(std::move(found.gradient))};
  }

  EnergyGradients energy_gradients(const nets::Rows& rows) const override {
    const std::int64_t dim = compiled_->dim(), n = std::ssize(rows.x) / dim;
    samplers::ChainStore items(n, dim, compiled_->context_dim());
    items.load_rows(rows.x);
    items.load_context(rows.context);
    samplers::evaluate_chains(*compiled_, items, n_threads_);
    EnergyGradients found{.energies = std::vector<float>(static_cast<std::size_t>(n)),
                          .energy_grads = std::vector<float>(rows.x.size())};
    items.store_energy(found.energies);
    items.store_energy_grad(found.energy_grads);
    return found;
  }

  std::vector<float> energies(const nets::Rows& rows) const override {
    return nets::energies(*compiled_, rows, n_threads_);
  }

  std::vector<float> class_energies(std::span<const float> x) const override {
    const bool is_labelled = compiled_->context_dim() == 1;  // a level would have to be given
    if (!is_labelled || !nets::has_class_energies(compiled_->plan())) return {};
    const std::vector<float> any_label(x.size() / static_cast<std::size_t>(compiled_->dim()));
    return nets::class_energies(*compiled_, {x, any_label}, n_threads_);
  }

  samplers::ChainDriver& chain_driver() const override { return *driver_; }

 private:
  /// The network with the weights that it has now, in float32.
  const nets::CompiledNet& float32_net() const {
    if (compiled_->plan().precision == nets::Precision::kFloat32) return *compiled_;
    if (float32_) {
      float32_->set_weights(net_.layer_weights());
    } else {
      float32_ = std::make_unique<nets::CompiledNet>(net_.architecture(), net_.layer_weights());
    }
    return *float32_;
  }

  const training::TrainedNet& net_;
  std::shared_ptr<nets::CompiledNet> compiled_;
  mutable std::unique_ptr<nets::CompiledNet> float32_;  // once it was asked for, beside bfloat16
  std::unique_ptr<samplers::ChainDriver> driver_;
  int n_threads_;
};

}  // namespace

NetBackend compiled_backend(const nets::Architecture& architecture, nets::Precision precision,
                            const std::string& name, int n_threads) {
  const auto plan = std::make_shared<const nets::Plan>(nets::make_plan(architecture, precision));
  nets::require_weight_gradient(*plan, name);
  return [plan, n_threads](const training::TrainedNet& net, const ChainDynamics& dynamics) {
    return std::make_unique<CompiledEvaluation>(net, plan, dynamics, n_threads);
  };
}

}  // namespace ebm
