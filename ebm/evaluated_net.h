#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "nets/architecture/architecture.h"
#include "nets/compiled/rows.h"
#include "nets/gradients/mixed_gradient.h"
#include "samplers/chain_driver.h"
#include "samplers/energies/sum_energy.h"
#include "samplers/kernels/langevin.h"
#include "training/trained_net.h"

namespace ebm {

/// The dynamics of the model's chains: Langevin steps on E, or on E plus a term of a base measure.
struct ChainDynamics {
  samplers::LangevinOptions langevin;
  std::shared_ptr<const samplers::Kernel> kernel = nullptr;  ///< instead of Langevin steps
  float data_sd = 0.0f;  ///< above 0: of samplers::NoiseLevelEnergy, that the network is part of
  samplers::SumEnergy::Term base = {};  ///< T·(−ln p₀); without an energy if there is no base
};

/// Energies of some rows, and a gradient with respect to the parameters of a network.
struct WeightGradient {
  std::vector<float> energies;               ///< [n], in order
  std::vector<std::vector<float>> gradient;  ///< like TrainedNet::trainable()
};

/// Adds a term to a gradient of the same weights.
void add_to(std::vector<std::vector<float>>& gradient, const WeightGradient& term);

/// c_b as a function of the row b and its energy: ∂L/∂E_b of a loss of energies.
using Coefficient = std::function<float(std::int64_t row, float energy)>;

/// Writes the direction v_b [dim], zeros before, of a row b with ∇ₓE(x_b) [dim]. It is called once
/// for each row, from several threads.
using Direction = std::function<void(std::int64_t row, std::span<const float> energy_grad,
                                     std::span<float> direction)>;

using nets::LevelDirection;
using nets::LevelFactors;

/// What EvaluatedNet::curvature_gradient() finds of n rows, in order.
struct CurvatureGradient {
  std::vector<float> energies;               ///< E(x_b) [n]
  std::vector<float> curvatures;             ///< v_bᵀ·∇ₓ²E(x_b)·v_b [n]
  std::vector<std::vector<float>> gradient;  ///< like TrainedNet::trainable()
};

/// A network in training with the weights that it had at its last update(), and the way in which it
/// is evaluated: compiled, or by LibTorch. No bit depends on threads.
class EvaluatedNet {
 public:
  virtual ~EvaluatedNet() = default;
  /// Takes the weights that the network has now. What was compiled, its driver, and the memory of
  /// chains and threads are kept.
  virtual void update() = 0;
  virtual const nets::Architecture& architecture() const = 0;
  /// Σ_b c_b·∂θE(x_b), and the energies.
  /// @param rows  x [n, dim], with the context of each if the network has conditions
  virtual WeightGradient weight_gradient(const nets::Rows& rows,
                                         const Coefficient& coefficient) const = 0;
  /// Σ_b ∂θ(v_b·∇ₓE(x_b)) with the v_b held fixed, and the energies.
  /// @param in_float32  for a small term of a loss, also where the network multiplies in bfloat16
  virtual WeightGradient mixed_gradient(const nets::Rows& rows, const Direction& direction,
                                        bool in_float32 = false) const = 0;
  /// Σ_b ∂θ(c_b·E + v_b·∇ₓE + w_b·∂E/∂ln σ) of a network that reads a noise level, with c_b, v_b
  /// and w_b held fixed, and the energies.
  virtual WeightGradient level_gradient(const nets::Rows& rows,
                                        const LevelDirection& direction) const = 0;
  /// coefficient · Σ_b ∂θ(v_bᵀ·∇ₓ²E(x_b)·v_b), the v_b held fixed.
  /// @param directions  v [n, dim]
  virtual CurvatureGradient curvature_gradient(const nets::Rows& rows,
                                               std::span<const float> directions,
                                               float coefficient) const = 0;
  struct EnergyGradients {
    std::vector<float> energies;      ///< E(x_b) [n]
    std::vector<float> energy_grads;  ///< ∇ₓE(x_b) [n, dim]
  };
  virtual EnergyGradients energy_gradients(const nets::Rows& rows) const = 0;
  /// E(x_b) [n], as energy_gradients() gives them, without the passes that gradients take.
  virtual std::vector<float> energies(const nets::Rows& rows) const {
    return energy_gradients(rows).energies;
  }
  /// E(x_b, y) of every class y, [n, classes], of items [n, dim] where one pass of a row gives them
  /// all (nets/compiled/forward_energies.h); else empty.
  virtual std::vector<float> class_energies(std::span<const float> /*x*/) const { return {}; }
  /// Advances chains of this network; lives until update() or longer.
  virtual samplers::ChainDriver& chain_driver() const = 0;
};

/// Makes what evaluates a network, which outlives it. @param dynamics  of its chains
using NetBackend = std::function<std::unique_ptr<EvaluatedNet>(const training::TrainedNet& net,
                                                               const ChainDynamics& dynamics)>;

}  // namespace ebm
