#pragma once

#include <string>
#include <vector>

namespace ebm::models {

/// The parsed name of a toy energy:
///   toy:NAME[,KEY=VALUE]...                  an energy by its name, as toy:funnel,dim=10
///   toy:NAME(TERM[;TERM]...)[,KEY=VALUE]...  one made of others, as toy:sum(2*gaussian;rings)
/// where a TERM is [WEIGHT*]NAME..., itself simple or made of others.
struct ToyArguments {
  struct Option {
    std::string key, value;
  };
  std::string name;
  double weight = 1.0;
  bool has_weight = false;
  std::vector<ToyArguments> terms;
  std::vector<Option> options;
};

/// @throws Error(kUsage) naming the spec and what is wrong: no toy:, brackets that do not match or
///         are nested more than 16 deep, an empty term, a weight that is no number, a key given
///         twice.
ToyArguments parse_toy_arguments(const std::string& spec);

/// Throws Error(kUsage) "energy = SPEC: RIGHT".
[[noreturn]] void refuse_toy(const std::string& spec, const std::string& right);

}  // namespace ebm::models
