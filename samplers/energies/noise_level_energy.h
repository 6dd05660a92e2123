#pragma once

#include <cstdint>
#include <memory>

#include "samplers/energies/wrapped_energy.h"

namespace ebm::samplers {

/// E(x, c) = ‖x‖²/(2(σ² + s²)) + (s/σ)·F(x/√(σ² + s²), c) of a network F, σ > 0 being the last
/// number of the context c: the energy of data of root mean square s with noise of sd σ. It is that
/// of a Gaussian N(0, s²) with noise where F is constant; what F has to add has values and slopes
/// of order one at every σ. Source: Karras, Aittala, Aila, Laine 2022, "Elucidating the design
/// space of diffusion-based generative models", table 1 (c_skip, c_in and c_out of a denoiser D),
/// as ∇ₓE = (x − D(x, σ))/σ².
class NoiseLevelEnergy : public WrappedEnergy {
 public:
  /// At one σ, E(x, σ) = c_out·F(c_in·x) + ½·precision·‖x‖² + log_z; its gradient is slope times
  /// that of F, and precision·x.
  struct Scaling {
    float c_in, c_out, slope, precision, log_z;
  };

  /// @param data_sd             s
  /// @param with_gaussian_log_z  adds the log Z of N(0, σ² + s²), (dim/2)·ln(2π(σ² + s²)), so that
  ///                             log Z may be the same at every σ, as after dual score matching
  /// @throws Error(kUsage) if energy is null or has no context, or s is not positive.
  NoiseLevelEnergy(std::shared_ptr<const Energy> energy, float data_sd,
                   bool with_gaussian_log_z = false);
  std::unique_ptr<Evaluator> make_evaluator(std::int64_t max_blocks) const override;
  /// F
  const Energy& network() const { return inner(); }
  Scaling scaling(float sigma) const;

 private:
  float data_sd_;
  bool with_gaussian_log_z_;
};

}  // namespace ebm::samplers
