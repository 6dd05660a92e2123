#include "models/toys/toy_energy.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "base/error.h"
#include "base/names/nearest_name.h"
#include "base/number_text.h"
#include "base/quote.h"
#include "base/require.h"
#include "models/toys/toy_table.h"
#include "samplers/energies/mixture_energy.h"
#include "samplers/energies/sum_energy.h"

namespace ebm::models {
namespace {

using EnergyPtr = std::shared_ptr<const samplers::Energy>;

[[noreturn]] void refuse_energy(const std::string& right) { throw Error(ErrorCode::kUsage, right); }

const Toy& find(const std::string& name) {
  std::vector<std::string> names;
  std::string known;
  for (const Toy& toy : toys()) {
    if (toy.name == name) return toy;
    names.push_back(toy.name);
    known += (known.empty() ? "" : ", ") + toy.name;
  }
  const std::string nearest = base::nearest_name(name, names);
  refuse_energy("no such toy" + (nearest.empty() ? "" : "; did you mean " + nearest + "?") +
                "; the toys are " + known +
                (name.find('+') == std::string::npos
                     ? ""
                     : "; between toys, + and - have a space on both sides"));
}

/// tempered(TOY) or sum(W*TOY;W*TOY;...), or the name alone.
std::string form(const Toy& toy) {
  switch (toy.terms) {
    case Toy::Terms::kNone:
      return toy.name;
    case Toy::Terms::kOne:
      return toy.name + "(TOY)";
    case Toy::Terms::kSeveral:
      break;
  }
  return toy.name + "(W*TOY;W*TOY;...)";
}

void require_terms(const Toy& toy, const Expression& spec) {
  const bool fits = toy.terms == Toy::Terms::kNone  ? spec.terms.empty()
                    : toy.terms == Toy::Terms::kOne ? spec.terms.size() == 1
                                                    : !spec.terms.empty();
  if (!fits) {
    refuse_energy(toy.name + " has " + std::to_string(spec.terms.size()) +
                  " terms in brackets: must be " + form(toy));
  }
  for (const Expression& term : spec.terms) {
    if (term.has_weight && toy.terms != Toy::Terms::kSeveral) {
      refuse_energy(term.text + " has a weight: only the terms of a sum can have one");
    }
  }
}

EnergyPtr build(const Expression& expression);

std::vector<samplers::EnergyTerm> build_terms(const Expression& expression) {
  std::vector<samplers::EnergyTerm> terms;
  for (const Expression& term : expression.terms) {
    terms.push_back({build(term), base::to_float("weight", term.weight)});
  }
  return terms;
}

/// Without the weight before it.
EnergyPtr build(const Expression& expression) {
  switch (expression.kind) {
    case Expression::Kind::kModel:
      refuse_energy("must be toy:NAME[,KEY=VALUE]..., or several of them; " +
                    base::quote(expression.name, '\'') + " is none");
    case Expression::Kind::kSum:
      return std::make_shared<samplers::SumEnergy>(build_terms(expression));
    case Expression::Kind::kMixture:
      return std::make_shared<samplers::MixtureEnergy>(build_terms(expression));
    case Expression::Kind::kToy:
      break;
  }
  const Toy& toy = find(expression.name);
  require_terms(toy, expression);
  const ToyValues values(toy.keys, expression);
  return toy.make(values, build_terms(expression));
}

}  // namespace

EnergyPtr toy_energy(const std::string& spec) {
  Expression all = parse_expression("energy", spec);
  if (!all.has_weight) return toy_energy(all);
  Expression sum;
  sum.kind = Expression::Kind::kSum;
  sum.text = spec;
  sum.terms.push_back(std::move(all));
  return toy_energy(sum);
}

EnergyPtr toy_energy(const Expression& expression) {
  EnergyPtr energy;
  try {
    energy = build(expression);
  } catch (const Error& error) {
    // A file names itself.
    if (error.code() != ErrorCode::kUsage && error.code() != ErrorCode::kShape) throw;
    refuse_expression("energy", expression.text, error.what());
  }
  if (energy->context_dim() != 0) {
    refuse_expression("energy", expression.text,
                      "has a context: must be conditional(TOY),at=X/X/...");
  }
  return energy;
}

std::vector<std::string> toy_energy_names() {
  std::vector<std::string> names;
  for (const Toy& toy : toys()) {
    if (toy.terms == Toy::Terms::kNone) names.push_back(toy.name);
  }
  return names;
}

std::string describe_toy_energies() {
  constexpr std::size_t kIndent = 17;
  std::string text;
  for (const Toy& toy : toys()) {
    std::string line = "  " + form(toy);
    if (line.size() >= kIndent) {
      line += "\n" + std::string(kIndent, ' ');
    } else {
      line.resize(kIndent, ' ');
    }
    line += toy.summary + "\n";
    // Those without a default have a line of their own.
    std::string numbers, texts;
    for (const ToyKey& key : toy.keys) {
      std::string& keys = key.kind == ToyKey::Kind::kText ? texts : numbers;
      keys += keys.empty() ? "" : ", ";
      keys += &keys == &texts ? usage(key) : key.name + "=" + base::number_text(key.default_value);
      if (&keys == &numbers && key.min == key.max) keys += " only";
    }
    text += line;
    for (const std::string& keys : {numbers, texts}) {
      if (!keys.empty()) text += std::string(kIndent, ' ') + keys + "\n";
    }
  }
  return text;
}

}  // namespace ebm::models
