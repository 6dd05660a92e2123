#pragma once

#include <string>
#include <vector>

namespace ebm::app {

/// The words of --energy taken apart:
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

/// @throws Error(kUsage) with the words and what is wrong: no toy:, brackets that do not match,
/// nested
///         more than 16 deep, an empty term, a weight that is no number, a key given twice.
ToyArguments parse_toy_arguments(const std::string& words);

/// "energy = WORDS: WHAT IS RIGHT", as all messages about --energy.
[[noreturn]] void refuse_toy(const std::string& words, const std::string& right);

}  // namespace ebm::app
