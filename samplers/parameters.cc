#include "samplers/parameters.h"

#include "base/error.h"

namespace ebm::samplers {

std::int64_t Variable::size() const {
  std::int64_t n = 1;
  for (const std::int64_t length : shape) n *= length;
  return n;
}

std::int64_t Parameters::size() const {
  std::int64_t n = 0;
  for (const Variable& variable : variables) n += variable.size();
  return n;
}

std::vector<std::string> Parameters::names() const {
  std::vector<std::string> all;
  for (const Variable& variable : variables) {
    if (variable.shape.empty()) {
      all.push_back(variable.name);
      continue;
    }
    for (std::int64_t i = 0; i < variable.size(); ++i) {
      all.push_back(variable.name + "[" + std::to_string(variable.first + i) + "]");
    }
  }
  return all;
}

std::vector<float> Parameters::of_states(std::span<const float> states, std::int64_t dim) const {
  if (dim < 1 || static_cast<std::int64_t>(states.size()) % dim != 0) {
    throw Error(ErrorCode::kShape, std::to_string(states.size()) +
                                       " numbers: must be whole states of " + std::to_string(dim) +
                                       " coordinates");
  }
  if (!of_state) return {states.begin(), states.end()};
  const auto n = states.size() / static_cast<std::size_t>(dim);
  const auto width = static_cast<std::size_t>(size());
  std::vector<float> values(n * width);
  for (std::size_t i = 0; i < n; ++i) {
    of_state(states.subspan(i * static_cast<std::size_t>(dim), static_cast<std::size_t>(dim)),
             std::span(values).subspan(i * width, width));
  }
  return values;
}

Parameters parameters_of(const Energy& energy) {
  if (const auto* named = dynamic_cast<const NamedParameters*>(&energy)) return named->parameters();
  return {.variables = {{.name = "x", .shape = {energy.dim()}}}};
}

}  // namespace ebm::samplers
