#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "samplers/energy.h"

namespace ebm::samplers {

/// A number with a name, or an array of them.
struct Variable {
  std::string name;
  std::vector<std::int64_t> shape = {};  ///< empty: a number
  std::int64_t first = 0;                ///< index of the first entry of an array: 0 or 1

  std::int64_t size() const;  ///< numbers
};

/// The parameters of a density, as its users know them: what tables, traces and warnings name.
struct Parameters {
  std::vector<Variable> variables;
  /// All numbers, variable after variable, of a state [dim]; null: the coordinates in order.
  std::function<void(std::span<const float> state, std::span<float> values)> of_state = nullptr;

  std::int64_t size() const;  ///< numbers
  /// One for each number: "mu", "theta[1]", "theta[2]", ...; an array of several axes has one
  /// index, in C order.
  std::vector<std::string> names() const;
  /// @param states  [n, dim]
  /// @return        [n, size()]
  /// @throws Error(kShape) if the states are not whole ones of `dim` coordinates
  std::vector<float> of_states(std::span<const float> states, std::int64_t dim) const;
};

/// For energies whose parameters have names or are functions of the state.
class NamedParameters {
 public:
  virtual ~NamedParameters() = default;
  virtual Parameters parameters() const = 0;
};

/// Those of an energy that is a NamedParameters, else its coordinates x[0], x[1], ...
Parameters parameters_of(const Energy& energy);

}  // namespace ebm::samplers
