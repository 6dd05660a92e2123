#pragma once

#include <memory>
#include <string>
#include <vector>

#include "models/toys/toy_values.h"
#include "samplers/energies/energy_terms.h"

namespace ebm::models {

/// An analytic energy with a name.
struct Toy {
  /// What the brackets after its name hold.
  enum class Terms { kNone, kOne, kSeveral };
  using Make = std::shared_ptr<const samplers::Energy> (*)(
      const ToyValues& values, const std::vector<samplers::EnergyTerm>& terms);

  std::string name;
  std::string summary;
  std::vector<ToyKey> keys;
  Make make;  ///< throws Error for values that do not go together and files that do not fit
  Terms terms = Terms::kNone;
};

/// All toys: densities first, then energies made of others.
const std::vector<Toy>& toys();

}  // namespace ebm::models
