#include "samplers/energies/wrapped_energy.h"

#include <utility>

#include "base/require.h"

namespace ebm::samplers {

WrappedEnergy::WrappedEnergy(std::shared_ptr<const Energy> energy) : energy_(std::move(energy)) {
  base::require_given("energy", energy_.get());
}

}  // namespace ebm::samplers
