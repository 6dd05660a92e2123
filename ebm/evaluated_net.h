#pragma once

#include <memory>
#include <span>
#include <string>
#include <utility>

#include "nets/architecture/architecture.h"
#include "nets/compiled/compiled_net.h"
#include "samplers/chain_driver.h"
#include "samplers/energies/sum_energy.h"
#include "samplers/kernels/langevin.h"
#include "torch_nets/weight_gradient.h"

namespace ebm {

/// The dynamics of the model's chains: Langevin steps on E, or on E plus a term of a base measure.
struct ChainDynamics {
  samplers::LangevinOptions langevin;
  samplers::SumEnergy::Term base = {};  ///< T·(−ln p₀); without an energy if there is no base
};

/// A network with the weights that it had at the last update(), and the way in which it is
/// evaluated: compiled, or by LibTorch.
class EvaluatedNet {
 public:
  /// @param compiled  torch_nets::compile() of `net`; null: LibTorch evaluates it
  /// @param dynamics  of chain_driver()
  EvaluatedNet(std::shared_ptr<const torch_nets::TorchNet> net,
               std::shared_ptr<nets::CompiledNet> compiled, int n_threads,
               ChainDynamics dynamics = {});
  /// Takes the weights that the network has now. What was compiled, its driver, and the memory of
  /// chains and threads are kept.
  void update();
  const torch_nets::TorchNet& net() const { return *net_; }
  /// Σ_b c_b·∂θE(x_b), and the energies. @param rows  [n, dim]
  torch_nets::WeightGradient weight_gradient(std::span<const float> rows,
                                             const torch_nets::Coefficient& coefficient) const;
  /// Σ_b ∂θ(v_b·∇ₓE(x_b)), by LibTorch's double backward. @param rows  [n, dim]
  torch_nets::WeightGradient mixed_gradient(std::span<const float> rows,
                                            const torch_nets::MixedVectors& vectors) const;
  /// Advances chains of this network; lives until update() or longer.
  samplers::ChainDriver& chain_driver() const;

 private:
  std::shared_ptr<const torch_nets::TorchNet> net_;
  std::shared_ptr<nets::CompiledNet> compiled_;
  int n_threads_;
  ChainDynamics dynamics_;
  mutable std::unique_ptr<samplers::ChainDriver> driver_;  // once it was asked for
};

/// How the networks of one architecture are evaluated: compiled by a plan that is made once, or by
/// LibTorch.
class NetEvaluator {
 public:
  /// By LibTorch.
  NetEvaluator(int n_threads, ChainDynamics dynamics)
      : n_threads_(n_threads), dynamics_(std::move(dynamics)) {}
  /// Compiled.
  /// @param name  of the network, for messages
  /// @throws Error(kUsage) for a network without a compiled gradient of the weights.
  NetEvaluator(const nets::Architecture& architecture, const std::string& name, int n_threads,
               ChainDynamics dynamics);
  /// @param net  of that architecture
  EvaluatedNet operator()(const std::shared_ptr<const torch_nets::TorchNet>& net) const;

 private:
  std::shared_ptr<const nets::Plan> plan_ = nullptr;
  int n_threads_;
  ChainDynamics dynamics_;
};

}  // namespace ebm
