#include "evaluation/classification/classification.h"

#include <cmath>

#include "base/require.h"
#include "metrics/mann_whitney.h"

namespace ebm::evaluation {
namespace {

std::vector<ClassScores> scores_of(std::span<const float> energies, std::int64_t n_classes,
                                   double temperature) {
  const auto width = static_cast<std::size_t>(n_classes);
  std::vector<ClassScores> scores;
  for (std::size_t i = 0; i < energies.size(); i += width) {
    scores.push_back(class_scores(energies.subspan(i, width), temperature));
  }
  return scores;
}

/// P(value of a wrong one > value of a right one) + half of that for equal ones.
double auroc_of(const std::vector<double>& positives, const std::vector<double>& negatives) {
  return metrics::mann_whitney({"positives", positives}, {"negatives", negatives}).probability();
}

std::vector<double> values_of(const std::vector<ClassScores>& scores, double ClassScores::*value) {
  std::vector<double> values;
  for (const ClassScores& each : scores) values.push_back(each.*value);
  return values;
}

}  // namespace

double Classification::accuracy_se() const {
  return std::sqrt(accuracy * (1.0 - accuracy) / static_cast<double>(n()));
}

Classification classify(std::span<const float> energies, std::int64_t n_classes,
                        std::span<const std::int32_t> labels, double temperature) {
  base::require_at_least("items", static_cast<std::int64_t>(labels.size()), 1);
  base::require_size("energies", energies.size(),
                     static_cast<std::int64_t>(labels.size()) * n_classes,
                     "one for each item and class");
  Classification found{.n_classes = n_classes,
                       .temperature = temperature,
                       .scores = scores_of(energies, n_classes, temperature),
                       .confusion = {},
                       .calibration = {},
                       .auroc_doubt = std::nullopt,
                       .auroc_marginal = std::nullopt};
  const auto width = static_cast<std::size_t>(n_classes);
  found.confusion.resize(width * width);
  std::vector<bool> is_right;
  std::vector<ClassScores> right, wrong;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    base::require_between("label", labels[i], 0, static_cast<double>(n_classes - 1));
    const ClassScores& score = found.scores[i];
    ++found.confusion[static_cast<std::size_t>(labels[i]) * width +
                      static_cast<std::size_t>(score.predicted)];
    is_right.push_back(score.predicted == labels[i]);
    (is_right.back() ? right : wrong).push_back(score);
    found.cross_entropy +=
        cross_entropy(energies.subspan(i * width, width), labels[i], temperature);
  }
  const auto n = static_cast<double>(labels.size());
  found.cross_entropy /= n;
  found.accuracy = static_cast<double>(right.size()) / n;
  found.calibration = calibrate(values_of(found.scores, &ClassScores::confidence), is_right);
  if (!right.empty() && !wrong.empty()) {
    found.auroc_doubt =
        auroc_of(values_of(wrong, &ClassScores::doubt), values_of(right, &ClassScores::doubt));
    found.auroc_marginal = auroc_of(values_of(wrong, &ClassScores::marginal),
                                    values_of(right, &ClassScores::marginal));
  }
  return found;
}

OtherData detect_other(const Classification& test, std::span<const float> energies,
                       const std::string& name) {
  const auto others = scores_of(energies, test.n_classes, test.temperature);
  const auto auroc = [&](double ClassScores::*value) {
    return auroc_of(values_of(others, value), values_of(test.scores, value));
  };
  return {.name = name,
          .n = static_cast<std::int64_t>(others.size()),
          .auroc_doubt = auroc(&ClassScores::doubt),
          .auroc_marginal = auroc(&ClassScores::marginal)};
}

}  // namespace ebm::evaluation
