#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "ebm/objectives/objective.h"

namespace ebm {

/// The classifier that an energy with classes is, p(y | x) = exp(−E(x, y)) / Σ_k exp(−E(x, k)), on
/// a batch.
struct ClassifierLoss {
  double cross_entropy = 0.0;      ///< mean −ln p(y | x), nats
  std::optional<double> accuracy;  ///< share with the largest p(y | x); nothing if not asked for
};

/// Adds weight·∂θ of the mean cross-entropy −ln p(y_b | x_b) to `gradient`. As
///   −ln p(y | x) = E(x, y) + ln Σ_k exp(−E(x, k)),
/// it is Σ_b Σ_k c_bk·∂θE(x_b, k), c_bk = (1[k = y_b] − p(k | x_b))/B, of K rows for each image. A
/// network that reads the label by class logits alone has the sum as its energy of "none",
/// −ln Σ_k exp(logit_k), so that two rows do: (x, y) with 1/B and (x, none) with −1/B; its accuracy
/// takes K energies.
/// @param rows           x [B, dim]
/// @param labels         y [B]
/// @param with_accuracy  whether it is asked for
/// Source: Grathwohl et al. 2020, "Your classifier is secretly an energy based model", section 4.
ClassifierLoss add_classifier_term(const EvaluatedNet& net, std::span<const float> rows,
                                   std::span<const std::int32_t> labels, double weight,
                                   bool with_accuracy, std::vector<std::vector<float>>& gradient);

/// An objective with add_classifier_term() of the positives beside it. They are those of the batch,
/// with the noise on them. Its figures are cross_entropy and accuracy.
std::unique_ptr<const Objective> with_classifier(std::unique_ptr<const Objective> objective,
                                                 double weight);

}  // namespace ebm
