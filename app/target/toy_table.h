#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/target/toy_values.h"
#include "samplers/energies/sum_energy.h"

namespace ebm::app {

/// An analytic energy that --energy can name.
struct Toy {
  /// What stands between the brackets of its name.
  enum class Terms { kNone, kOne, kSeveral };
  using Make = std::shared_ptr<const samplers::Energy> (*)(
      const ToyValues& values, const std::vector<samplers::SumEnergy::Term>& terms);

  std::string name;
  std::string summary;
  std::vector<ToyKey> keys;
  Make make;  ///< throws Error for values that do not go together and files that do not fit
  Terms terms = Terms::kNone;
};

/// All of them: densities first, then what is made of others.
const std::vector<Toy>& toys();

}  // namespace ebm::app
