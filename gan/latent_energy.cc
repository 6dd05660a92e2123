#include "gan/latent_energy.h"

#include <utility>
#include <vector>

#include "nets/architecture/compose.h"
#include "nets/compiled/compiled_net.h"
#include "samplers/energies/diagonal_gaussian.h"
#include "samplers/energies/sum_energy.h"

namespace ebm::gan {

std::shared_ptr<const samplers::Energy> latent_energy(const WeightedNet& generator,
                                                      const WeightedNet& critic) {
  auto net = std::make_shared<nets::CompiledNet>(
      nets::compose(generator.architecture, critic.architecture),
      nets::compose(generator.weights, critic.weights));
  const auto dim = static_cast<std::size_t>(net->dim());
  auto prior = std::make_shared<samplers::DiagonalGaussian>(std::vector<float>(dim, 0.0f),
                                                            std::vector<float>(dim, 1.0f));
  return std::make_shared<samplers::SumEnergy>(
      std::vector<samplers::SumEnergy::Term>{{std::move(prior), 1.0f}, {std::move(net), 1.0f}});
}

}  // namespace ebm::gan
