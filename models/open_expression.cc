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
#include "models/expression/compose_energy.h"
#include "models/open_model.h"
#include "models/toys/toy_energy.h"

namespace ebm::models {
namespace {

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
    std::shared_ptr<const samplers::Energy> energy = toy_energy(toy);
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

  /// A name that there is none of is a wrong expression. A class that is not given is left open,
  /// for all models to have the same.
  Leaf open_term(const Expression& model) {
    try {
      const EnergyModel opened = open_file(model);
      const Condition condition = condition_of(model);
      if (opened.classes == 0 || !condition.klass.empty()) {
        return {&model, bind_condition(opened, condition), opened.data};
      }
      return {&model, condition.level ? bind_level(opened, condition.level) : opened, opened.data};
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
      if (leaf.model.level_walk && leaf.model.level_walk->in_float32) {
        leaf.model.level_walk->energy = leaf.model.level_walk->in_float32();
        leaf.model.level_walk->in_float32 = nullptr;
      }
      leaf.model.in_float32 = nullptr;
      leaf.model.precision = nets::Precision::kFloat32;
      warn_once(leaf.expression->text +
                " is taken in f32: a mix(...) takes differences of energies, which bf16 rounds");
    }
  }

  /// Of models whose class is open: takes those of different classes at none, and where not all
  /// models go through levels of noise, each at its lowest.
  void bind_what_differs() {
    const auto is_open = [](const Leaf& leaf) { return leaf.model.classes > 0; };
    const auto one = std::ranges::find_if(leaves_, is_open);
    if (one == leaves_.end()) return;
    const bool are_like = std::ranges::all_of(leaves_, [&](const Leaf& leaf) {
      return !is_open(leaf) || (leaf.model.classes == one->model.classes &&
                                leaf.model.class_names == one->model.class_names);
    });
    const bool have_levels = std::ranges::all_of(leaves_, [&](const Leaf& leaf) {
      return is_open(leaf) && leaf.model.noise_level && leaf.model.level_walk;
    });
    for (Leaf& leaf : leaves_) {
      if (!is_open(leaf)) continue;
      if (!are_like) {
        warn_once(leaf.expression->text + " is taken at no class, as #class=none");
        leaf.model = bind_condition(std::move(leaf.model), {});
      } else if (!have_levels) {
        leaf.model = bind_level(std::move(leaf.model), {});
      }
    }
  }

  /// Sets what is chosen for chains: the class and level that models have left open.
  void take_conditions(EnergyModel& composed) const {
    composed.classes = 0;
    composed.class_names.clear();
    composed.noise_level = false;
    composed.knows_none = true;
    for (const Leaf& leaf : leaves_) {
      if (leaf.model.classes == 0) continue;
      composed.classes = leaf.model.classes;
      composed.class_names = leaf.model.class_names;
      composed.noise_level = leaf.model.noise_level;
      composed.knows_none = composed.knows_none && leaf.model.knows_none;
    }
    // What a model was trained for by itself.
    composed.guidance.reset();
    composed.classify_weight = 0.0;
    composed.one_log_z = false;
  }

  /// Through the levels of noise of all models at once; nothing unless each goes through some.
  std::optional<LevelWalk> level_walk() const {
    const auto& own = first().model.level_walk;
    const bool have_all = std::ranges::all_of(leaves_, [&](const Leaf& leaf) {
      return own && leaf.model.level_walk &&
             leaf.model.level_walk->energy->context_dim() == own->energy->context_dim();
    });
    if (!have_all) return std::nullopt;
    LevelWalk walk{nullptr, own->settings};
    std::vector<ScaledEnergy> terms, exact;
    bool is_exact = true;
    for (const Leaf& leaf : leaves_) {
      const LevelWalk& each = *leaf.model.level_walk;
      terms.push_back({each.energy});
      is_exact = is_exact && !each.in_float32;
      exact.push_back({each.in_float32 ? each.in_float32() : each.energy});
    }
    const double temperature = first().model.settings.temperature;
    walk.energy = compose_energy(whole_, terms, temperature);
    if (!is_exact) {
      walk.in_float32 = [exact, temperature, whole = whole_] {
        return compose_energy(whole, exact, temperature);
      };
    }
    return walk;
  }

  EnergyModel compose() {
    take_mixtures_in_float32();
    require_shapes();
    bind_what_differs();
    EnergyModel composed = first().model;
    composed.terms.clear();
    take_conditions(composed);
    composed.level_walk = level_walk();
    const bool had_walk = std::ranges::any_of(
        leaves_, [](const Leaf& leaf) { return leaf.model.level_walk.has_value(); });
    if (had_walk && !composed.level_walk) {
      warn_once("models of noise levels are taken at their lowest in '" + whole_.text +
                "': not all of its models go through levels, or leave their class open");
    }
    composed.data = data();
    composed.origin = has_only_toys(whole_) ? "" : whole_.text;
    composed.precision = precision();
    composed.in_float32 = nullptr;
    const double temperature = composed.settings.temperature;
    std::vector<ScaledEnergy> rounded;
    std::vector<EnergyModel> models;
    for (const Leaf& leaf : leaves_) {
      const double own = leaf.model.settings.temperature;
      composed.terms.push_back(leaf.model.terms.front());
      rounded.push_back({leaf.model.energy, temperature / own});
      models.push_back(leaf.model);
    }
    composed.energy = compose_energy(whole_, rounded, temperature);
    if (std::ranges::none_of(models, [](const auto& m) { return bool{m.in_float32}; })) {
      return composed;
    }
    composed.in_float32 = [models, rounded, temperature, whole = whole_] {
      std::vector<ScaledEnergy> exact = rounded;
      for (std::size_t i = 0; i < models.size(); ++i) {
        if (models[i].in_float32) exact[i].energy = models[i].in_float32();
      }
      return compose_energy(whole, exact, temperature);
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
