#include "ebm/joint_classifier.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "evaluation/classification/class_probabilities.h"
#include "nets/architecture/layer_tree.h"

namespace ebm {
namespace {

/// Images go through in pieces of as many rows, or of one image, so that memory does not grow with
/// the number of classes times that of images.
constexpr std::int64_t kMaxRows = 1024;

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

/// p(k | x_b) [B, K] and −ln p(y_b | x_b) [B] from energies [B, K].
struct Posterior {
  Posterior(std::span<const float> energies, std::size_t n_classes,
            std::span<const std::int32_t> labels)
      : probabilities(energies.size()) {
    for (std::size_t b = 0; b < labels.size(); ++b) {
      const auto of_image = energies.subspan(b * n_classes, n_classes);
      std::ranges::copy(evaluation::class_probabilities(of_image, 1.0),
                        probabilities.begin() + static_cast<std::ptrdiff_t>(b * n_classes));
      cross_entropies.push_back(evaluation::cross_entropy(of_image, labels[b], 1.0));
      n_right += std::ranges::min_element(of_image) - of_image.begin() == labels[b];
    }
  }
  std::vector<double> probabilities, cross_entropies;
  std::size_t n_right = 0;  // labels with the lowest energy
};

/// Whether E(x, none) = −ln Σ_k exp(−E(x, k)).
bool none_is_the_marginal(const nets::Architecture& net) {
  return std::holds_alternative<nets::ClassLogits>(net.layers.back().op) &&
         !nets::has_kind<nets::Film, nets::Projection>(net.layers);  // which read the label, too
}

/// Sums over images.
struct ClassifierSums {
  double cross_entropy = 0.0;
  std::size_t n_right = 0;
};

/// Of images at all labels.
Posterior posterior_of(const EvaluatedNet& net, std::span<const float> rows,
                       std::span<const std::int32_t> labels) {
  const nets::Architecture& architecture = net.architecture();
  const auto n_classes = static_cast<std::size_t>(architecture.classes);
  const std::vector<float> in_one_pass = net.class_energies(rows);
  if (!in_one_pass.empty()) return {in_one_pass, n_classes, labels};
  const RowsAtLabels all(rows, architecture.input.size(), architecture.classes,
                         [](std::int64_t /*image*/, std::int64_t i) { return i; });
  return {net.energies(all.all()), n_classes, labels};
}

/// Adds the gradient by K rows of each image, each with a weight.
ClassifierSums add_by_all_labels(const EvaluatedNet& net, std::span<const float> rows,
                                 std::span<const std::int32_t> labels, double weight,
                                 std::vector<std::vector<float>>& gradient) {
  const std::int64_t dim = net.architecture().input.size(), n_classes = net.architecture().classes;
  const Posterior posterior = posterior_of(net, rows, labels);
  const RowsAtLabels all(rows, dim, n_classes,
                         [](std::int64_t /*image*/, std::int64_t i) { return i; });
  add_to(gradient, net.weight_gradient(all.all(), [&](std::int64_t row, float /*energy*/) {
    const std::int32_t own = labels[static_cast<std::size_t>(row / n_classes)];
    return static_cast<float>(weight * ((row % n_classes == own ? 1.0 : 0.0) -
                                        posterior.probabilities[static_cast<std::size_t>(row)]));
  }));
  ClassifierSums sums{.n_right = posterior.n_right};
  for (const double each : posterior.cross_entropies) sums.cross_entropy += each;
  return sums;
}

/// The same, without how many are right, by two rows, where E(x, none) is the marginal.
ClassifierSums add_by_the_marginal(const EvaluatedNet& net, std::span<const float> rows,
                                   std::span<const std::int32_t> labels, double weight,
                                   std::vector<std::vector<float>>& gradient) {
  const std::int64_t dim = net.architecture().input.size(), none = net.architecture().classes;
  const RowsAtLabels both(rows, dim, 2, [&](std::int64_t image, std::int64_t i) {
    return i == 0 ? std::int64_t{labels[static_cast<std::size_t>(image)]} : none;
  });
  const WeightGradient term =
      net.weight_gradient(both.all(), [&](std::int64_t row, float /*energy*/) {
        return static_cast<float>(row % 2 == 0 ? weight : -weight);
      });
  add_to(gradient, term);
  ClassifierSums sums;
  for (std::size_t row = 0; row < term.energies.size(); ++row) {
    sums.cross_entropy += (row % 2 == 0 ? 1.0 : -1.0) * double{term.energies[row]};
  }
  return sums;
}

/// visit(rows, labels) of pieces of the images that make at most kMaxRows rows, or of one image.
template <class Visit>
void for_each_piece(std::span<const float> rows, std::span<const std::int32_t> labels,
                    std::int64_t rows_of_an_image, const Visit& visit) {
  const auto most =
      static_cast<std::size_t>(std::max<std::int64_t>(1, kMaxRows / rows_of_an_image));
  const std::size_t dim = rows.size() / labels.size();
  for (std::size_t first = 0; first < labels.size(); first += most) {
    const std::size_t n = std::min(most, labels.size() - first);
    visit(rows.subspan(first * dim, n * dim), labels.subspan(first, n));
  }
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
  nets::SamplerRecipe recipe(nets::SamplerRecipe langevin) const override {
    return objective_->recipe(std::move(langevin));
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
  const std::int64_t n_classes = net.architecture().classes;
  const bool takes_two_rows = none_is_the_marginal(net.architecture());
  const double n = static_cast<double>(labels.size());
  ClassifierSums sums;
  for_each_piece(rows, labels, takes_two_rows ? 2 : n_classes, [&](auto images, auto of_images) {
    const auto add = takes_two_rows ? add_by_the_marginal : add_by_all_labels;
    const ClassifierSums part = add(net, images, of_images, weight / n, gradient);
    sums.cross_entropy += part.cross_entropy;
    sums.n_right += part.n_right;
  });
  if (takes_two_rows && with_accuracy) {
    for_each_piece(rows, labels, n_classes, [&](auto images, auto of_images) {
      sums.n_right += posterior_of(net, images, of_images).n_right;
    });
  }
  ClassifierLoss loss{.cross_entropy = sums.cross_entropy / n, .accuracy = std::nullopt};
  if (with_accuracy) loss.accuracy = static_cast<double>(sums.n_right) / n;
  return loss;
}

std::unique_ptr<const Objective> with_classifier(std::unique_ptr<const Objective> objective,
                                                 double weight) {
  return std::make_unique<WithClassifier>(std::move(objective), weight);
}

}  // namespace ebm
