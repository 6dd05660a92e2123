#include "app/toy_energy.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <map>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/nearest_name.h"
#include "base/number_text.h"
#include "base/quote.h"
#include "base/random.h"
#include "samplers/banana.h"
#include "samplers/diagonal_gaussian.h"
#include "samplers/double_well.h"
#include "samplers/eight_schools.h"
#include "samplers/funnel.h"
#include "samplers/gaussian_bernoulli_rbm.h"
#include "samplers/gaussian_mixture.h"
#include "samplers/log_gamma.h"
#include "samplers/rings.h"
#include "samplers/rosenbrock.h"

namespace ebm::app {
namespace {

using EnergyPtr = std::shared_ptr<const samplers::Energy>;

/// A key of a toy: its default, and the values that it takes.
struct Key {
  std::string name;
  double preset;
  double least, most;
  bool is_integer = false;
};

/// The values of a toy's keys.
class Values {
 public:
  explicit Values(const std::vector<Key>& keys) {
    for (const Key& key : keys) values_[key.name] = key.preset;
  }
  void set(const std::string& name, double value) { values_[name] = value; }
  float number(const std::string& name) const { return static_cast<float>(values_.at(name)); }
  std::int64_t integer(const std::string& name) const {
    return static_cast<std::int64_t>(values_.at(name));
  }

 private:
  std::map<std::string, double> values_;
};

struct Toy {
  std::string name;
  std::string summary;
  std::vector<Key> keys;
  EnergyPtr (*make)(const Values& values);
};

/// Where a positive number is wanted: what a float holds without losing digits when squared.
constexpr double kTiny = 1e-15, kHuge = 1e15;

Key dim_key(double preset, double least, double most = 1e6) {
  return {"dim", preset, least, most, true};
}
Key positive_key(std::string name, double preset) {
  return {std::move(name), preset, kTiny, kHuge};
}

/// Weights N(0, scale²), biases of hidden units N(0, 1), of visible ones 0.
EnergyPtr random_rbm(const Values& values) {
  const auto n_visible = static_cast<std::size_t>(values.integer("dim"));
  const auto n_hidden = static_cast<std::size_t>(values.integer("hidden"));
  const base::RandomKey key{.seed = static_cast<std::uint64_t>(values.integer("seed")),
                            .domain = base::Domain::kWeights};
  base::RandomStream weight_stream(key, 0), bias_stream(key, 1);
  std::vector<float> weights(n_visible * n_hidden), bias(n_hidden);
  for (float& w : weights) {
    w = values.number("scale") * static_cast<float>(weight_stream.next_normal());
  }
  for (float& b : bias) b = static_cast<float>(bias_stream.next_normal());
  return std::make_shared<samplers::GaussianBernoulliRbm>(std::move(weights),
                                                          std::vector<float>(n_visible, 0.0f),
                                                          std::move(bias), values.number("sd"));
}

const std::vector<Toy>& toys() {
  static const std::vector<Toy> kToys = {
      {"double-well",
       "height·Σ(x² − 1)²: two wells a coordinate",
       {dim_key(1, 1), positive_key("height", 2)},
       [](const Values& v) -> EnergyPtr {
         return std::make_shared<samplers::DoubleWell>(v.integer("dim"), v.number("height"));
       }},
      {"gaussian",
       "independent Gaussians, sds from sd down to sd/√condition",
       {dim_key(2, 1), positive_key("sd", 1), {"condition", 1, 1, 1e12}},
       [](const Values& v) -> EnergyPtr {
         return std::make_shared<samplers::DiagonalGaussian>(samplers::ill_conditioned_gaussian(
             v.integer("dim"), double{v.number("condition")}, double{v.number("sd")}));
       }},
      {"8gaussians",
       "eight Gaussians on the unit circle, sd 0.15",
       {dim_key(2, 2, 2)},
       [](const Values&) -> EnergyPtr {
         return std::make_shared<samplers::GaussianMixture>(samplers::eight_gaussians());
       }},
      {"25gaussians",
       "25 Gaussians on a grid of spacing 1, sd 0.05",
       {dim_key(2, 2, 2)},
       [](const Values&) -> EnergyPtr {
         return std::make_shared<samplers::GaussianMixture>(samplers::twenty_five_gaussians());
       }},
      {"rings",
       "circles of radius 0.5, 1, 1.5 and 2, blurred by sd",
       {dim_key(2, 2, 2), {"sd", 0.05, 1e-3, 1e3}},
       [](const Values& v) -> EnergyPtr {
         return std::make_shared<samplers::Rings>(std::vector<float>{0.5f, 1.0f, 1.5f, 2.0f},
                                                  v.number("sd"));
       }},
      {"banana",
       "a Gaussian of sds 10 and 1, bent by curvature",
       {dim_key(2, 2), {"curvature", 0.03, -1e6, 1e6}},
       [](const Values& v) -> EnergyPtr {
         return std::make_shared<samplers::Banana>(v.integer("dim"), v.number("curvature"));
       }},
      {"funnel",
       "Neal's: v ~ N(0, sd²), the others N(0, exp v)",
       {dim_key(2, 2), positive_key("sd", 3)},
       [](const Values& v) -> EnergyPtr {
         return std::make_shared<samplers::Funnel>(v.integer("dim"), v.number("sd"));
       }},
      {"log-gamma",
       "logarithms of Gamma(alpha, rate beta) variables",
       {dim_key(1, 1), positive_key("alpha", 5), positive_key("beta", 10)},
       [](const Values& v) -> EnergyPtr {
         return std::make_shared<samplers::LogGamma>(v.integer("dim"), v.number("alpha"),
                                                     v.number("beta"));
       }},
      {"rosenbrock",
       "Σ b(x' − x²)² + (a − x)²: a curved valley",
       {dim_key(2, 2), {"a", 1, -1e6, 1e6}, positive_key("b", 100)},
       [](const Values& v) -> EnergyPtr {
         return std::make_shared<samplers::Rosenbrock>(v.integer("dim"), v.number("a"),
                                                       v.number("b"));
       }},
      {"eight-schools",
       "a hierarchical posterior, non-centred, priors of Inference Gym",
       {dim_key(10, 10, 10)},
       [](const Values&) -> EnergyPtr { return std::make_shared<samplers::EightSchools>(); }},
      {"rbm",
       "a Gaussian-Bernoulli machine with random weights N(0, scale²)",
       {dim_key(8, 1, 1e4),
        {"hidden", 4, 1, 1e4, true},
        positive_key("scale", 1),
        positive_key("sd", 1),
        {"seed", 0, 0, 1e15, true}},
       random_rbm},
  };
  return kToys;
}

/// dim=D for an integer, sd=X for a number.
std::string usage(const Key& key) { return key.name + (key.is_integer ? "=D" : "=X"); }

std::string bound(const Key& key, double value) {
  return key.is_integer ? std::to_string(static_cast<std::int64_t>(value))
                        : base::number_text(value);
}

std::string range(const Key& key) {
  if (key.least == key.most) return "must be " + bound(key, key.least);
  return std::string("must be ") + (key.is_integer ? "an integer" : "a number") + " from " +
         bound(key, key.least) + " to " + bound(key, key.most);
}

/// One reading of --energy; keeps the words for its messages.
class Reader {
 public:
  explicit Reader(const std::string& words) : words_(words) {}

  EnergyPtr read() const {
    if (words_.rfind("toy:", 0) != 0) refuse("must be toy:NAME[,KEY=VALUE]...");
    std::size_t comma = std::min(words_.find(','), words_.size());
    const Toy& toy = find(words_.substr(4, comma - 4));
    Values values(toy.keys);
    std::vector<std::string> seen;
    while (comma < words_.size()) {
      const std::size_t next = std::min(words_.find(',', comma + 1), words_.size());
      read_option(toy, words_.substr(comma + 1, next - comma - 1), values, seen);
      comma = next;
    }
    try {
      return toy.make(values);
    } catch (const Error& error) {
      refuse(error.what());
    }
  }

 private:
  [[noreturn]] void refuse(const std::string& right) const {
    throw Error(ErrorCode::kUsage, "energy = " + words_ + ": " + right);
  }

  const Toy& find(const std::string& name) const {
    std::string known;
    for (const Toy& toy : toys()) {
      if (toy.name == name) return toy;
      known += (known.empty() ? "" : ", ") + toy.name;
    }
    const std::string nearest = base::nearest_name(name, toy_energy_names());
    refuse("no such toy" + (nearest.empty() ? "" : "; did you mean " + nearest + "?") +
           "; the toys are " + known);
  }

  void read_option(const Toy& toy, const std::string& option, Values& values,
                   std::vector<std::string>& seen) const {
    const std::size_t equals = std::min(option.find('='), option.size());
    const std::string name = option.substr(0, equals);
    const Key& key = find_key(toy, name);
    if (equals == option.size()) refuse(usage(key) + " has no value: " + range(key));
    for (const std::string& earlier : seen) {
      if (earlier == name) refuse(name + " is given twice: must be given once");
    }
    seen.push_back(name);
    const std::string text = option.substr(equals + 1);
    double value = 0.0;
    const char* last = text.data() + text.size();
    const auto [end, fault] = std::from_chars(text.data(), last, value);
    const bool is_number = fault == std::errc() && end == last && std::isfinite(value);
    if (!is_number || value < key.least || value > key.most ||
        (key.is_integer && value != std::floor(value))) {
      refuse(usage(key) + " is " + base::quote(text, '\'') + ": " + range(key));
    }
    values.set(name, value);
  }

  const Key& find_key(const Toy& toy, const std::string& name) const {
    std::vector<std::string> names;
    std::string known;
    for (const Key& key : toy.keys) {
      if (key.name == name) return key;
      names.push_back(key.name);
      known += (known.empty() ? "" : ", ") + usage(key);
    }
    const std::string nearest = base::nearest_name(name, names);
    refuse("unknown option " + base::quote(name, '\'') +
           (nearest.empty() ? "" : ", did you mean '" + nearest + "'?") + "; " + toy.name +
           " has " + known);
  }

  const std::string& words_;
};

}  // namespace

EnergyPtr toy_energy(const std::string& words) { return Reader(words).read(); }

const std::vector<std::string>& toy_energy_names() {
  static const std::vector<std::string> kNames = [] {
    std::vector<std::string> list;
    for (const Toy& toy : toys()) list.push_back(toy.name);
    return list;
  }();
  return kNames;
}

std::string describe_toy_energies() {
  constexpr std::size_t kIndent = 17;
  std::string text;
  for (const Toy& toy : toys()) {
    std::string line = "  " + toy.name;
    line.resize(std::max(line.size() + 1, kIndent), ' ');
    line += toy.summary + "\n" + std::string(kIndent, ' ');
    for (const Key& key : toy.keys) {
      line +=
          (&key == &toy.keys.front() ? "" : ", ") + key.name + "=" + base::number_text(key.preset);
      if (key.least == key.most) line += " only";
    }
    text += line + "\n";
  }
  return text;
}

}  // namespace ebm::app
