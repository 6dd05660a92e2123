#include "models/toys/toy_table.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/quote.h"
#include "base/random.h"
#include "base/system/home_folder.h"
#include "data/formats/npy.h"
#include "samplers/energies/banana.h"
#include "samplers/energies/conditional_energy.h"
#include "samplers/energies/diagonal_gaussian.h"
#include "samplers/energies/double_well.h"
#include "samplers/energies/eight_schools.h"
#include "samplers/energies/funnel.h"
#include "samplers/energies/gaussian.h"
#include "samplers/energies/gaussian_bernoulli_rbm.h"
#include "samplers/energies/gaussian_mixture.h"
#include "samplers/energies/log_gamma.h"
#include "samplers/energies/mixture_energy.h"
#include "samplers/energies/observation.h"
#include "samplers/energies/rings.h"
#include "samplers/energies/rosenbrock.h"
#include "samplers/energies/sum_energy.h"
#include "samplers/energies/tempered_energy.h"

namespace ebm::models {
namespace {

using EnergyPtr = std::shared_ptr<const samplers::Energy>;
using Terms = std::vector<samplers::EnergyTerm>;

ToyKey dim_key(double default_value, double min, double max = 1e6) {
  return integer_key("dim", default_value, min, max);
}

std::string text_of(const std::vector<std::int64_t>& shape) {
  std::string text;
  for (const std::int64_t axis : shape) text += (text.empty() ? "[" : ", ") + std::to_string(axis);
  return text + "]";
}

/// A float32 array of so many axes, all finite. No shell replaces a ~ behind "covariance=".
data::NpyArray read_floats(const std::string& file, std::size_t n_axes, const char* expected) {
  data::NpyArray array = data::read_npy(base::expand_home(file));
  const auto* values = std::get_if<std::vector<float>>(&array.values);
  if (values == nullptr || array.shape.size() != n_axes || values->empty()) {
    throw Error(ErrorCode::kBadData, file + " holds " +
                                         (values == nullptr ? "uint8 " : "float32 ") +
                                         text_of(array.shape) + "; expected float32 " + expected);
  }
  for (std::size_t i = 0; i < values->size(); ++i) {
    if (std::isfinite((*values)[i])) continue;
    throw Error(ErrorCode::kBadData, file + " holds " + std::to_string((*values)[i]) +
                                         " as value " + std::to_string(i) +
                                         "; expected finite numbers");
  }
  return array;
}

/// One number a coordinate.
std::vector<float> read_vector(const std::string& file, std::int64_t size, const char* expected) {
  data::NpyArray array = read_floats(file, 1, expected);
  if (array.shape[0] != size) {
    throw Error(ErrorCode::kBadData, file + " holds " + std::to_string(array.shape[0]) +
                                         " values; expected " + std::to_string(size));
  }
  return std::get<std::vector<float>>(std::move(array.values));
}

/// The order of the matrices that are factored at once.
constexpr std::int64_t kMaxDense = 2048;

EnergyPtr dense_gaussian(const ToyValues& values, const Terms&) {
  std::int64_t dim = values.integer("dim");
  std::vector<double> covariance;
  if (const std::string& file = values.text("covariance"); !file.empty()) {
    values.require_not_given({"dim", "sd", "correlation"}, "covariance");
    const data::NpyArray array = read_floats(file, 2, "[dim, dim]");
    dim = array.shape[0];
    if (dim != array.shape[1] || dim > kMaxDense) {
      throw Error(ErrorCode::kBadData, file + " holds " + text_of(array.shape) +
                                           "; expected a square matrix of order 1 to " +
                                           std::to_string(kMaxDense));
    }
    const auto& numbers = std::get<std::vector<float>>(array.values);
    covariance.assign(numbers.begin(), numbers.end());
  } else {
    const double variance = std::pow(double{values.number("sd")}, 2);
    for (std::int64_t row = 0; row < dim; ++row) {
      for (std::int64_t column = 0; column < dim; ++column) {
        covariance.push_back(variance * std::pow(double{values.number("correlation")},
                                                 static_cast<double>(std::abs(row - column))));
      }
    }
  }
  std::vector<float> mean(static_cast<std::size_t>(dim), 0.0f);
  if (const std::string& file = values.text("mean"); !file.empty()) {
    mean = read_vector(file, dim, "[dim]");
  }
  return std::make_shared<samplers::Gaussian>(
      samplers::Gaussian::with_covariance(std::move(mean), covariance));
}

/// Means from a file, or drawn from N(0, spread²).
EnergyPtr mixture(const ToyValues& values, const Terms&) {
  std::int64_t dim = values.integer("dim");
  std::int64_t n_modes = values.integer("modes");
  std::vector<float> means;
  if (const std::string& file = values.text("means"); !file.empty()) {
    values.require_not_given({"dim", "modes", "spread", "seed"}, "means");
    data::NpyArray array = read_floats(file, 2, "[modes, dim]");
    n_modes = array.shape[0];
    dim = array.shape[1];
    means = std::get<std::vector<float>>(std::move(array.values));
  } else {
    base::RandomStream stream({.seed = static_cast<std::uint64_t>(values.integer("seed")),
                               .domain = base::Domain::kWeights},
                              2);
    means.resize(static_cast<std::size_t>(n_modes * dim));
    for (float& mean : means) {
      mean = values.number("spread") * static_cast<float>(stream.next_normal());
    }
  }
  std::vector<float> weights(static_cast<std::size_t>(n_modes), 1.0f);
  if (const std::string& file = values.text("weights"); !file.empty()) {
    weights = read_vector(file, n_modes, "[modes]");
  }
  return std::make_shared<samplers::GaussianMixture>(dim, std::move(means), std::move(weights),
                                                     values.number("sd"));
}

/// Weights N(0, scale²), biases of hidden units N(0, 1), of visible ones 0.
EnergyPtr random_rbm(const ToyValues& values, const Terms&) {
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

/// X/X/..., one number a coordinate of the context; a single one is that of all.
EnergyPtr conditional(const ToyValues& values, const Terms& terms) {
  const std::string& text = values.text("at");
  const EnergyPtr& energy = terms.front().energy;
  std::vector<float> context;
  const char* at = text.data();
  const char* end = at + text.size();
  while (true) {
    float value = 0.0f;
    const auto [next, fault] = std::from_chars(at, end, value);
    if (fault != std::errc() || !std::isfinite(value) || (next != end && *next != '/')) {
      throw Error(ErrorCode::kUsage,
                  "at=X/X/... is " + base::quote(text, '\'') + ": must be numbers with / between");
    }
    context.push_back(value);
    if (next == end) break;
    at = next + 1;
  }
  if (context.size() == 1 && energy->context_dim() > 0) {
    context.resize(static_cast<std::size_t>(energy->context_dim()), context.front());
  }
  return std::make_shared<samplers::ConditionalEnergy>(energy, std::move(context));
}

std::vector<Toy> densities() {
  return {
      {"double-well",
       "height·Σ(x² − 1)²: two wells a coordinate",
       {dim_key(1, 1), positive_key("height", 2)},
       [](const ToyValues& v, const Terms&) -> EnergyPtr {
         return std::make_shared<samplers::DoubleWell>(v.integer("dim"), v.number("height"));
       }},
      {"gaussian",
       "independent Gaussians, sds from sd down to sd/√condition",
       {dim_key(2, 1), number_key("mean", 0, -1e6, 1e6), positive_key("sd", 1),
        number_key("condition", 1, 1, 1e12)},
       [](const ToyValues& v, const Terms&) -> EnergyPtr {
         const samplers::DiagonalGaussian centred = samplers::ill_conditioned_gaussian(
             v.integer("dim"), double{v.number("condition")}, double{v.number("sd")});
         return std::make_shared<samplers::DiagonalGaussian>(
             std::vector<float>(centred.sds().size(), v.number("mean")), centred.sds());
       }},
      {"dense-gaussian",
       "covariances sd²·correlation^|i − j|, or those of a file",
       {dim_key(2, 1, kMaxDense), positive_key("sd", 1),
        number_key("correlation", 0.9, -0.999999, 0.999999), text_key("covariance", "FILE.npy"),
        text_key("mean", "FILE.npy")},
       dense_gaussian},
      {"mixture",
       "Gaussians of equal sd, means of N(0, spread²) or from files",
       {dim_key(2, 1, 1e4), integer_key("modes", 5, 1, 1e4), positive_key("sd", 0.5),
        positive_key("spread", 2), integer_key("seed", 0, 0, 1e15), text_key("means", "FILE.npy"),
        text_key("weights", "FILE.npy")},
       mixture},
      {"8gaussians",
       "eight Gaussians on the unit circle, sd 0.15",
       {dim_key(2, 2, 2)},
       [](const ToyValues&, const Terms&) -> EnergyPtr {
         return std::make_shared<samplers::GaussianMixture>(samplers::eight_gaussians());
       }},
      {"25gaussians",
       "25 Gaussians on a grid of spacing 1, sd 0.05",
       {dim_key(2, 2, 2)},
       [](const ToyValues&, const Terms&) -> EnergyPtr {
         return std::make_shared<samplers::GaussianMixture>(samplers::twenty_five_gaussians());
       }},
      {"rings",
       "circles of radius 0.5, 1, 1.5 and 2, blurred by sd",
       {dim_key(2, 2, 2), number_key("sd", 0.05, 1e-3, 1e3)},
       [](const ToyValues& v, const Terms&) -> EnergyPtr {
         return std::make_shared<samplers::Rings>(std::vector<float>{0.5f, 1.0f, 1.5f, 2.0f},
                                                  v.number("sd"));
       }},
      {"banana",
       "a Gaussian of sds 10 and 1, bent by curvature",
       {dim_key(2, 2), number_key("curvature", 0.03, -1e6, 1e6)},
       [](const ToyValues& v, const Terms&) -> EnergyPtr {
         return std::make_shared<samplers::Banana>(v.integer("dim"), v.number("curvature"));
       }},
      {"funnel",
       "Neal's: v ~ N(0, sd²), the others N(0, exp v)",
       {dim_key(2, 2), positive_key("sd", 3)},
       [](const ToyValues& v, const Terms&) -> EnergyPtr {
         return std::make_shared<samplers::Funnel>(v.integer("dim"), v.number("sd"));
       }},
      {"log-gamma",
       "logarithms of Gamma(alpha, rate beta) variables",
       {dim_key(1, 1), positive_key("alpha", 5), positive_key("beta", 10)},
       [](const ToyValues& v, const Terms&) -> EnergyPtr {
         return std::make_shared<samplers::LogGamma>(v.integer("dim"), v.number("alpha"),
                                                     v.number("beta"));
       }},
      {"rosenbrock",
       "Σ b(x' − x²)² + (a − x)²: a curved valley",
       {dim_key(2, 2), number_key("a", 1, -1e6, 1e6), positive_key("b", 100)},
       [](const ToyValues& v, const Terms&) -> EnergyPtr {
         return std::make_shared<samplers::Rosenbrock>(v.integer("dim"), v.number("a"),
                                                       v.number("b"));
       }},
      {"eight-schools",
       "a hierarchical posterior, non-centred, priors of Inference Gym",
       {dim_key(10, 10, 10)},
       [](const ToyValues&, const Terms&) -> EnergyPtr {
         return std::make_shared<samplers::EightSchools>();
       }},
      {"rbm",
       "a Gaussian-Bernoulli RBM with random weights N(0, scale²)",
       {dim_key(8, 1, 1e4), integer_key("hidden", 4, 1, 1e4), positive_key("scale", 1),
        positive_key("sd", 1), integer_key("seed", 0, 0, 1e15)},
       random_rbm},
  };
}

std::vector<Toy> combinations() {
  return {
      {"observation",
       "|x − c|²/(2·sd²), c given by at= of conditional(...)",
       {dim_key(2, 1), positive_key("sd", 1)},
       [](const ToyValues& v, const Terms&) -> EnergyPtr {
         return std::make_shared<samplers::Observation>(v.integer("dim"), v.number("sd"));
       }},
      {"conditional",
       "the energy in brackets, conditioned on the context at",
       {text_key("at", "X/X/...", /*required=*/true)},
       conditional,
       Toy::Terms::kOne},
      {"tempered",
       "the energy in the brackets, divided by temperature",
       {positive_key("temperature", 1)},
       [](const ToyValues& v, const Terms& terms) -> EnergyPtr {
         return std::make_shared<samplers::TemperedEnergy>(terms.front().energy,
                                                           v.number("temperature"));
       },
       Toy::Terms::kOne},
      {"sum",
       "the sum of the energies in the brackets",
       {},
       [](const ToyValues&, const Terms& terms) -> EnergyPtr {
         return std::make_shared<samplers::SumEnergy>(terms);
       },
       Toy::Terms::kSeveral},
      {"mix",
       "−ln Σ W·exp(−E) of the energies in the brackets",
       {},
       [](const ToyValues&, const Terms& terms) -> EnergyPtr {
         return std::make_shared<samplers::MixtureEnergy>(terms);
       },
       Toy::Terms::kSeveral},
  };
}

}  // namespace

const std::vector<Toy>& toys() {
  static const std::vector<Toy> kToys = [] {
    std::vector<Toy> all = densities();
    for (Toy& toy : combinations()) all.push_back(std::move(toy));
    return all;
  }();
  return kToys;
}

}  // namespace ebm::models
