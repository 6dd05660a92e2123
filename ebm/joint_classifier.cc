#include "ebm/joint_classifier.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <variant>

namespace ebm {
namespace {

/// Rows of every image at each of some labels, image by image.
class RowsAtLabels {
 public:
  /// @param label_of  (image, i) with i < n_labels
  template <class LabelOf>
  RowsAtLabels(std::span<const float> images, std::int64_t dim, std::int64_t n_labels,
               const LabelOf& label_of) {
    const auto n = std::ssize(images) / dim;
    x_.reserve(images.size() * static_cast<std::size_t>(n_labels));
    for (std::int64_t image = 0; image < n; ++image) {
      const auto row =
          images.subspan(static_cast<std::size_t>(image * dim), static_cast<std::size_t>(dim));
      for (std::int64_t i = 0; i < n_labels; ++i) {
        x_.insert(x_.end(), row.begin(), row.end());
        context_.push_back(static_cast<float>(label_of(image, i)));
      }
    }
  }
  nets::Rows all() const { return {x_, context_}; }

 private:
  std::vector<float> x_, context_;
};

/// p(k | x_b) [B, K] from energies [B, K].
std::vector<double> class_probabilities(std::span<const float> energies, std::size_t n_classes) {
  std::vector<double> all(energies.size());
  for (std::size_t first = 0; first < energies.size(); first += n_classes) {
    const auto of_image = energies.subspan(first, n_classes);
    const double least = double{*std::ranges::min_element(of_image)};
    double sum = 0.0;
    for (std::size_t k = 0; k < n_classes; ++k) {
      sum += all[first + k] = std::exp(least - double{of_image[k]});
    }
    for (std::size_t k = 0; k < n_classes; ++k) all[first + k] /= sum;
  }
  return all;
}

double accuracy_of(std::span<const double> probabilities, std::size_t n_classes,
                   std::span<const std::int32_t> labels) {
  std::size_t n_right = 0;
  for (std::size_t b = 0; b < labels.size(); ++b) {
    const auto of_image = probabilities.subspan(b * n_classes, n_classes);
    n_right += std::ranges::max_element(of_image) - of_image.begin() == labels[b];
  }
  return static_cast<double>(n_right) / static_cast<double>(labels.size());
}

class WithClassifier : public Objective {
 public:
  WithClassifier(std::unique_ptr<const Objective> objective, double weight)
      : objective_(std::move(objective)), weight_(weight) {}
  Needs needs() const override { return objective_->needs(); }
  void require_fitting(const nets::Architecture& net) const override {
    objective_->require_fitting(net);
  }
  void initialise(const Batch& batch, const EvaluatedNet& net,
                  training::TrainedNet& weights) const override {
    objective_->initialise(batch, net, weights);
  }
  ObjectiveStep step(const EvaluatedNet& net, const Batch& batch) const override {
    ObjectiveStep found = objective_->step(net, batch);
    const ClassifierLoss loss = add_classifier_term(net, batch.positives, batch.labels, weight_,
                                                    batch.is_recorded, found.gradient);
    found.loss += weight_ * loss.cross_entropy;
    found.figures.push_back({"cross_entropy", loss.cross_entropy});
    found.figures.push_back(training::figure_if("accuracy", loss.accuracy));
    return found;
  }
  std::vector<const char*> own_columns() const override {
    std::vector<const char*> names = objective_->own_columns();
    names.insert(names.end(), {"cross_entropy", "accuracy"});
    return names;
  }

 private:
  std::unique_ptr<const Objective> objective_;
  double weight_;
};

}  // namespace

ClassifierLoss add_classifier_term(const EvaluatedNet& net, std::span<const float> rows,
                                   std::span<const std::int32_t> labels, double weight,
                                   bool with_accuracy, std::vector<std::vector<float>>& gradient) {
  const nets::Architecture& architecture = net.architecture();
  const std::int64_t dim = architecture.input.size(), n_classes = architecture.classes;
  const auto k = static_cast<std::size_t>(n_classes);
  const double n = static_cast<double>(labels.size());
  const bool has_logits = std::holds_alternative<nets::ClassLogits>(architecture.layers.back().op);
  ClassifierLoss loss;
  std::vector<double> probabilities;
  if (!has_logits || with_accuracy) {
    const RowsAtLabels all(rows, dim, n_classes,
                           [](std::int64_t /*image*/, std::int64_t i) { return i; });
    probabilities = class_probabilities(net.energy_gradients(all.all()).energies, k);
    if (with_accuracy) loss.accuracy = accuracy_of(probabilities, k, labels);
    for (std::size_t b = 0; b < labels.size() && !has_logits; ++b) {
      loss.cross_entropy -=
          std::log(probabilities[b * k + static_cast<std::size_t>(labels[b])]) / n;
    }
  }
  const auto label_of = [&](std::int64_t image, std::int64_t i) {
    if (!has_logits) return i;
    return i == 0 ? std::int64_t{labels[static_cast<std::size_t>(image)]} : n_classes;
  };
  const std::int64_t n_rows = has_logits ? 2 : n_classes;
  const auto coefficient = [&](std::int64_t row, float /*energy*/) {
    const auto image = static_cast<std::size_t>(row / n_rows);
    const bool is_right = label_of(row / n_rows, row % n_rows) == labels[image];
    const double subtracted =
        has_logits ? (is_right ? 0.0 : 1.0) : probabilities[static_cast<std::size_t>(row)];
    return static_cast<float>(weight * ((is_right ? 1.0 : 0.0) - subtracted) / n);
  };
  const WeightGradient term =
      net.weight_gradient(RowsAtLabels(rows, dim, n_rows, label_of).all(), coefficient);
  if (has_logits) {
    for (std::size_t row = 0; row < term.energies.size(); ++row) {
      loss.cross_entropy += (row % 2 == 0 ? 1.0 : -1.0) * double{term.energies[row]} / n;
    }
  }
  for (std::size_t i = 0; i < gradient.size(); ++i) {
    for (std::size_t j = 0; j < gradient[i].size(); ++j) gradient[i][j] += term.gradient[i][j];
  }
  return loss;
}

std::unique_ptr<const Objective> with_classifier(std::unique_ptr<const Objective> objective,
                                                 double weight) {
  return std::make_unique<WithClassifier>(std::move(objective), weight);
}

}  // namespace ebm
