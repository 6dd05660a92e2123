#include "evaluation/classification/class_probabilities.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/require.h"

namespace ebm::evaluation {
namespace {

/// ln Σ exp(−(E_y − E_least)/T) over all classes but `without`; −∞ of none.
double log_sum(std::span<const float> energies, double least, double temperature,
               std::size_t without) {
  double largest = -std::numeric_limits<double>::infinity();
  const auto term = [&](std::size_t k) { return -(double{energies[k]} - least) / temperature; };
  for (std::size_t k = 0; k < energies.size(); ++k) {
    if (k != without) largest = std::max(largest, term(k));
  }
  if (std::isinf(largest)) return largest;
  double sum = 0.0;
  for (std::size_t k = 0; k < energies.size(); ++k) {
    if (k != without) sum += std::exp(term(k) - largest);
  }
  return largest + std::log(sum);
}

constexpr std::size_t kAll = std::numeric_limits<std::size_t>::max();

double least_of(std::span<const float> energies) {
  return double{*std::min_element(energies.begin(), energies.end())};
}

/// The slope of the mean cross-entropy over 1/T.
double slope_at(std::span<const float> energies, std::size_t n_classes,
                std::span<const std::int32_t> labels, double temperature) {
  double sum = 0.0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto of_item = energies.subspan(i * n_classes, n_classes);
    const auto p = class_probabilities(of_item, temperature);
    const double own = double{of_item[static_cast<std::size_t>(labels[i])]};
    for (std::size_t k = 0; k < n_classes; ++k) sum += p[k] * (own - double{of_item[k]});
  }
  return sum;
}

}  // namespace

ClassScores class_scores(std::span<const float> energies, double temperature) {
  base::require_positive("temperature", temperature);
  const auto least = std::min_element(energies.begin(), energies.end());
  const auto predicted = static_cast<std::size_t>(least - energies.begin());
  const double doubt = log_sum(energies, double{*least}, temperature, predicted);
  return {.predicted = static_cast<std::int32_t>(predicted),
          .confidence = 1.0 / (1.0 + std::exp(doubt)),
          .doubt = doubt,
          .marginal =
              double{*least} - temperature * log_sum(energies, double{*least}, temperature, kAll)};
}

std::vector<double> class_probabilities(std::span<const float> energies, double temperature) {
  const double least = least_of(energies);
  std::vector<double> p;
  double sum = 0.0;
  for (const float e : energies) {
    p.push_back(std::exp(-(double{e} - least) / temperature));
    sum += p.back();
  }
  for (double& each : p) each /= sum;
  return p;
}

double cross_entropy(std::span<const float> energies, std::int32_t label, double temperature) {
  const double least = least_of(energies);
  return (double{energies[static_cast<std::size_t>(label)]} - least) / temperature +
         log_sum(energies, least, temperature, kAll);
}

std::optional<double> fitted_temperature(std::span<const float> energies, std::int64_t n_classes,
                                         std::span<const std::int32_t> labels) {
  base::require_size("energies", energies.size(),
                     static_cast<std::int64_t>(labels.size()) * n_classes,
                     "one for each label and class");
  constexpr double kRange = 1e9;
  constexpr int kHalvings = 100;
  const auto width = static_cast<std::size_t>(n_classes);
  double spread = 0.0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto of_item = energies.subspan(i * width, width);
    const auto [low, high] = std::minmax_element(of_item.begin(), of_item.end());
    spread += (double{*high} - double{*low}) / static_cast<double>(labels.size());
  }
  if (!(spread > 0.0)) return std::nullopt;
  // The slope over 1/T rises with 1/T.
  double hot = std::log(spread * kRange), cold = std::log(spread / kRange);
  const auto slope = [&](double log_t) {
    return slope_at(energies, width, labels, std::exp(log_t));
  };
  if (slope(hot) >= 0.0 || slope(cold) <= 0.0) return std::nullopt;
  for (int i = 0; i < kHalvings; ++i) {
    const double middle = 0.5 * (hot + cold);
    (slope(middle) < 0.0 ? hot : cold) = middle;
  }
  return std::exp(0.5 * (hot + cold));
}

}  // namespace ebm::evaluation
