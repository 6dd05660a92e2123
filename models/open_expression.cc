#include <algorithm>
#include <charconv>
#include <cstdio>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/number_text.h"
#include "base/path_kind.h"
#include "base/quote.h"
#include "base/require.h"
#include "data/item_shape.h"
#include "models/condition.h"
#include "models/open_model.h"
#include "models/toys/toy_energy.h"
#include "samplers/energies/mixture_energy.h"
#include "samplers/energies/sum_energy.h"

namespace ebm::models {
namespace {

using EnergyPtr = std::shared_ptr<const samplers::Energy>;

bool is_leaf(const Expression& expression) {
  return expression.kind == Expression::Kind::kModel || expression.kind == Expression::Kind::kToy;
}

bool has_mixture(const Expression& expression) {
  return expression.kind == Expression::Kind::kMixture ||
         std::ranges::any_of(expression.terms, has_mixture);
}

/// An energy times a number.
struct Scaled {
  EnergyPtr energy;
  double factor = 1.0;

  samplers::EnergyTerm term() const { return {energy, base::to_float("weight", factor)}; }
  EnergyPtr whole() const {
    if (factor == 1.0) return energy;
    return std::make_shared<samplers::SumEnergy>(std::vector{term()});
  }
};

/// Makes the energy of an expression of those of its models and toys.
class Composer {
 public:
  /// @param leaves       E_i times T/T_i, in the order of the text
  /// @param temperature  T
  Composer(std::vector<Scaled> leaves, double temperature)
      : leaves_(std::move(leaves)), temperature_(temperature) {}

  EnergyPtr energy_of(const Expression& expression) {
    next_ = 0;
    return weighted(expression).whole();
  }

 private:
  Scaled weighted(const Expression& expression) {
    Scaled made = unweighted(expression);
    made.factor *= expression.weight;
    return made;
  }

  Scaled unweighted(const Expression& expression) {
    if (is_leaf(expression)) return leaves_[next_++];
    std::vector<samplers::EnergyTerm> terms;
    if (expression.kind == Expression::Kind::kMixture) {
      for (const Expression& term : expression.terms) {
        terms.push_back({unweighted(term).whole(), base::to_float("weight", term.weight)});
      }
      return {std::make_shared<samplers::MixtureEnergy>(std::move(terms),
                                                        static_cast<float>(temperature_))};
    }
    if (expression.terms.size() == 1) return weighted(expression.terms.front());
    for (const Expression& term : expression.terms) terms.push_back(weighted(term).term());
    return {std::make_shared<samplers::SumEnergy>(std::move(terms))};
  }

  std::vector<Scaled> leaves_;
  double temperature_;
  std::size_t next_ = 0;
};

Condition condition_of(const Expression& model) {
  Condition condition;
  for (const Expression::Option& option : model.options) {
    if (option.key == "class") {
      condition.klass = option.value;
      continue;
    }
    double level = 0.0;
    std::from_chars(option.value.data(), option.value.data() + option.value.size(), level);
    condition.level = level;
  }
  return condition;
}

/// A model or toy of an expression, opened.
struct Leaf {
  const Expression* expression;
  EnergyModel model;
  std::string all_data;  ///< of all classes, where `model` is at one
};

class Opener {
 public:
  Opener(const Expression& whole, const OpenOptions& options, const std::filesystem::path& package)
      : whole_(whole), options_(options), package_(package) {}

  EnergyModel open() {
    if (is_single()) return open_single();
    open_leaves(whole_, whole_.weight, std::nullopt);
    return compose();
  }

 private:
  bool is_single() const { return is_leaf(whole_) && !whole_.has_weight; }

  EnergyModel open_single() {
    if (whole_.kind == Expression::Kind::kToy) return open_toy(whole_);
    if (!whole_.options.empty()) return bind_condition(open_file(whole_), condition_of(whole_));
    try {
      return open_file(whole_);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::kNoInput ||
          whole_.name.find_first_of("+*;") == std::string::npos) {
        throw;
      }
      throw Error(error.code(), std::string(error.what()) +
                                    "; between models, + and - have a space on both sides");
    }
  }

  static EnergyModel open_toy(const Expression& toy) {
    EnergyPtr energy = toy_energy(toy);
    const std::int64_t dim = energy->dim();
    return {.energy = std::move(energy), .shape = {dim, 1, 1}};
  }

  /// Each file once.
  EnergyModel open_file(const Expression& model) {
    const auto found = files_.find(model.name);
    if (found != files_.end()) return found->second;
    nets::ModelFile file = read_named_model(model.name, options_.warn, package_);
    if (options_.on_file) options_.on_file(file);
    EnergyModel opened = open_model(std::move(file), options_);
    if (!is_single()) opened.checkpoint.clear();
    files_.emplace(model.name, opened);
    return opened;
  }

  /// @param weight  of its energy, with those of the sums around it
  /// @param share   of its density, in a mixture
  void open_leaves(const Expression& expression, double weight, std::optional<double> share) {
    if (expression.kind == Expression::Kind::kMixture) require_shares(expression);
    if (!is_leaf(expression)) {
      for (const Expression& term : expression.terms) {
        if (expression.kind == Expression::Kind::kMixture) {
          open_leaves(term, 1.0, share.value_or(1.0) * term.weight);
        } else {
          open_leaves(term, weight * term.weight, share);
        }
      }
      return;
    }
    leaves_.push_back(expression.kind == Expression::Kind::kToy
                          ? Leaf{&expression, open_toy(expression), ""}
                          : open_term(expression));
    EnergyModel& model = leaves_.back().model;
    model.terms = {{expression.text, weight, share, double{model.settings.temperature}}};
    if (model.settings.temperature > 0.0f) return;
    refuse_expression("model", whole_.text,
                      expression.text +
                          " has T = " + base::number_text(double{model.settings.temperature}) +
                          " in its recipe: each energy is divided by its own T, above 0");
  }

  /// A name that there is none of is a wrong expression.
  Leaf open_term(const Expression& model) {
    try {
      const EnergyModel opened = open_file(model);
      const Condition condition = condition_of(model);
      Leaf leaf{&model, bind_condition(opened, condition), opened.data};
      if (opened.classes > 0 && condition.klass.empty()) {
        warn_once(model.text + " is taken at no class, as #class=none");
      }
      return leaf;
    } catch (const Error& error) {
      if (error.code() != ErrorCode::kNoInput) throw;
      refuse_expression("model", whole_.text, error.what());
    }
  }

  void require_shares(const Expression& mixture) const {
    for (const Expression& term : mixture.terms) {
      if (term.weight > 0.0) continue;
      refuse_expression("model", whole_.text,
                        "the weight " + base::number_text(term.weight) + " of " +
                            base::quote(term.text, '\'') + " in mix(...) must be above 0");
    }
  }

  void warn_once(const std::string& line) {
    if (!warned_.insert(line).second) return;
    if (options_.warn) return options_.warn(line);
    std::fprintf(stderr, "ebm: %s\n", base::one_line(line).c_str());
  }

  /// The first model, or the first toy if there is none.
  const Leaf& first() const {
    const auto model = std::ranges::find_if(leaves_, [](const Leaf& leaf) {
      return leaf.expression->kind == Expression::Kind::kModel;
    });
    return model == leaves_.end() ? leaves_.front() : *model;
  }

  void require_shapes() const {
    const Leaf& one = first();
    for (const Leaf& leaf : leaves_) {
      const bool fits = leaf.expression->kind == Expression::Kind::kToy
                            ? leaf.model.shape.size() == one.model.shape.size()
                            : leaf.model.shape == one.model.shape;
      if (fits) continue;
      throw Error(ErrorCode::kShape, "model = " + whole_.text + ": " + leaf.expression->text +
                                         " takes items of " + data::shape_text(leaf.model.shape) +
                                         ", " + one.expression->text + " takes items of " +
                                         data::shape_text(one.model.shape) + "; must be one shape");
    }
  }

  /// The coarsest of the networks'.
  std::optional<nets::Precision> precision() const {
    std::optional<nets::Precision> coarsest;
    for (const Leaf& leaf : leaves_) {
      if (leaf.model.precision && coarsest != nets::Precision::kBfloat16) {
        coarsest = leaf.model.precision;
      }
    }
    return coarsest;
  }

  /// Of the class that all models are at; else of all classes.
  std::string data() const {
    const Leaf& one = first();
    const bool is_one = std::ranges::all_of(leaves_, [&](const Leaf& leaf) {
      return leaf.expression->kind == Expression::Kind::kToy || leaf.model.data == one.model.data;
    });
    return is_one ? one.model.data : one.all_data;
  }

  /// Shares of a mixture go by differences of energies, which bfloat16 rounds.
  void take_mixtures_in_float32() {
    if (!has_mixture(whole_) || options_.precision == nets::Precision::kBfloat16) return;
    for (Leaf& leaf : leaves_) {
      if (!leaf.model.in_float32) continue;
      leaf.model.energy = leaf.model.in_float32();
      leaf.model.in_float32 = nullptr;
      leaf.model.precision = nets::Precision::kFloat32;
      warn_once(leaf.expression->text +
                " is taken in f32: a mix(...) takes differences of energies, which bf16 rounds");
    }
  }

  EnergyModel compose() {
    take_mixtures_in_float32();
    require_shapes();
    EnergyModel composed = first().model;
    composed.terms.clear();
    composed.data = data();
    composed.origin = has_only_toys(whole_) ? "" : whole_.text;
    composed.precision = precision();
    composed.in_float32 = nullptr;
    const double temperature = composed.settings.temperature;
    std::vector<Scaled> rounded;
    std::vector<EnergyModel> models;
    for (const Leaf& leaf : leaves_) {
      const double own = leaf.model.settings.temperature;
      composed.terms.push_back(leaf.model.terms.front());
      rounded.push_back({leaf.model.energy, temperature / own});
      models.push_back(leaf.model);
    }
    composed.energy = Composer(rounded, temperature).energy_of(whole_);
    if (std::ranges::none_of(models, [](const auto& m) { return bool{m.in_float32}; })) {
      return composed;
    }
    composed.in_float32 = [models, rounded, temperature, whole = whole_] {
      std::vector<Scaled> exact = rounded;
      for (std::size_t i = 0; i < models.size(); ++i) {
        if (models[i].in_float32) exact[i].energy = models[i].in_float32();
      }
      return Composer(exact, temperature).energy_of(whole);
    };
    return composed;
  }

  const Expression& whole_;
  const OpenOptions& options_;
  const std::filesystem::path& package_;
  std::map<std::string, EnergyModel> files_;
  std::set<std::string> warned_;
  std::vector<Leaf> leaves_;
};

}  // namespace

Expression parse_model(const std::string& text) {
  return parse_expression("model", text,
                          [](const std::string& name) { return base::path_exists(name); });
}

EnergyModel open_model(const Expression& expression, const OpenOptions& options,
                       const std::filesystem::path& package) {
  return Opener(expression, options, package).open();
}

EnergyModel open_model(const std::string& text, const OpenOptions& options,
                       const std::filesystem::path& package) {
  return open_model(parse_model(text), options, package);
}

}  // namespace ebm::models
