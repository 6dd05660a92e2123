#pragma once

#include <memory>

#include "nets/architecture/architecture.h"
#include "nets/architecture/layer_weights.h"
#include "samplers/energy.h"

namespace ebm::gan {

/// A network and the weights that its layers use.
struct WeightedNet {
  nets::Architecture architecture;
  nets::LayerWeights weights;
};

/// E(z) = ½‖z‖² + E_critic(G(z)) = −log p₀(z) − d(G(z)) + constant: a GAN as an energy of its
/// latents, with the prior p₀ = N(0, I) and the critic's logit d = −E_critic. Compiled, so that
/// sampling from it takes no LibTorch. With an optimal critic, G maps draws of exp(−E) to draws of
/// the data.
/// @throws Error(kShape) as nets::compose(), or if the weights do not fit.
/// Source: Che et al. 2020, "Your GAN is secretly an energy-based model", eq. 5.
std::shared_ptr<const samplers::Energy> latent_energy(const WeightedNet& generator,
                                                      const WeightedNet& critic);

}  // namespace ebm::gan
