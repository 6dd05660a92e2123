#pragma once

#include <functional>
#include <string>
#include <vector>

namespace ebm::models {

/// What is written where a MODEL or an energy is taken:
///   expression  TERM [+|- TERM]...            the sum of energies: the product of densities
///   TERM        [WEIGHT*]FACTOR, or −FACTOR   WEIGHT a number
///   FACTOR      MODEL[\#class=NAME|K|none][,level=X]
///               toy:NAME[(expression[;expression]...)][,KEY=VALUE]...
///               sum(expression;expression...)   as with + between
///               mix(expression;expression...)   the sum of densities, each times its WEIGHT
///               (expression)
/// + and − are operators where a space or a bracket is on both sides, as names have them too. In
/// the brackets of a toy, toys need no toy:.
struct Expression {
  enum class Kind { kModel, kToy, kSum, kMixture };
  struct Option {
    std::string key, value;
  };

  Kind kind = Kind::kModel;
  std::string text;               ///< as it was written, without its weight
  std::string name;               ///< of a model or a toy
  std::vector<Option> options;    ///< of a model after #, of a toy after a comma
  std::vector<Expression> terms;  ///< of a sum or mixture; those in the brackets of a toy
  double weight = 1.0;            ///< before it
  bool has_weight = false;
};

/// Whether a text as a whole is the name of a model, whatever is in it.
using IsName = std::function<bool(const std::string& text)>;

/// @param option   names the text in messages: "model", "energy"
/// @param is_name  null: what can be read as an expression is one
/// @throws Error(kUsage) "OPTION = TEXT: " and what is wrong: brackets that do not match or are
///         nested more than 16 deep, an empty term, a weight that is no number, a function or an
///         option that there is none of (with the nearest name), an option given twice.
Expression parse_expression(const std::string& option, const std::string& text,
                            const IsName& is_name = nullptr);

/// Throws Error(kUsage) "OPTION = TEXT: RIGHT".
[[noreturn]] void refuse_expression(const std::string& option, const std::string& text,
                                    const std::string& right);

/// Whether it is a model or a toy, with a weight or without one.
bool is_leaf(const Expression& expression);

/// Whether a mix(...) is in it.
bool has_mixture(const Expression& expression);

/// Whether no model is in it.
bool has_only_toys(const Expression& expression);

}  // namespace ebm::models
