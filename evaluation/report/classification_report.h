#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "evaluation/classification/classifier_run.h"

namespace ebm::evaluation {

/// What `ebm classify` prints.
struct ClassificationReport {
  std::string model, data;               ///< as on the command line
  std::vector<std::string> class_names;  ///< of the model, or empty
  std::string temperature_from;          ///< what T is, as "fitted to fashion-mnist"
  std::vector<double> levels;            ///< of noise, whose energies are added up; or none
  std::vector<float> weights;    ///< of the levels and classes, [levels, n_classes], if fitted
  std::int64_t noise_draws = 0;  ///< copies of an item with noise of each level
  std::vector<float> offsets;    ///< of the classes, if they were fitted
  ClassifierRun run;
};

/// {"model", "data", "n", "temperature", "temperature_from", "accuracy", "accuracy_se",
/// "accuracy_of_energies", "cross_entropy", "ece", "auroc_errors": {"doubt", "marginal"},
/// "classes": [names], "confusion": [[true class: counts of predicted classes]],
/// "calibration": [{"n", "confidence", "accuracy"}], "levels": [of noise, if several were given],
/// "weights": [[of each class] for each level, if fitted], "noise_draws": of each item, if there
/// were any, "offsets": [of each class, if fitted], "ood": {NAME: {"n", "auroc_doubt",
/// "auroc_marginal"}}, "moved": {"n", "eps": [...], "fgsm": [...], "random": [...]}}; null for what
/// is not known.
nlohmann::ordered_json classification_json(const ClassificationReport& report);

/// The same as tables for people; the confusion matrix of up to 20 classes.
std::string classification_text(const ClassificationReport& report);

/// CSV: item, label, predicted (labels of the model), probability (of the predicted class),
/// marginal (energy) of every item.
std::string predictions_csv(const ClassifierRun& run);

}  // namespace ebm::evaluation
