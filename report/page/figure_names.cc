#include "report/page/figure_names.h"

#include <algorithm>
#include <array>
#include <utility>

namespace ebm::report {
namespace {

constexpr std::string_view kLower = "lower is better", kHigher = "higher is better";

constexpr FigureName kNames[] = {
    // Of training: the columns of metrics.csv.
    {"energy_data", "Energy of data", "", ""},
    {"energy_samples", "Energy of samples", "", ""},
    {"energy_gap", "Energy gap", "", "best near 0"},
    {"loss", "Loss", "", ""},
    {"generator_loss", "Generator loss", "", ""},
    {"grad_norm", "Gradient norm", "", ""},
    {"generator_grad_norm", "Generator gradient norm", "", ""},
    {"learning_rate", "Learning rate", "", ""},
    {"gap_class", "Energy gap by class", "", "best near 0"},
    {"age_class", "Age of replay chains by class", "steps", ""},
    {"cross_entropy", "Cross-entropy", "nats", kLower},
    {"accuracy", "Accuracy", "", kHigher},
    {"buffer_age", "Age of replay chains", "steps", ""},
    {"saturation", "Share of saturated values", "", ""},
    {"fd", "Fréchet distance", "", kLower},
    {"fd_buffer", "Fréchet distance, buffer", "", kLower},
    {"information", "Mutual information", "nats", kHigher},
    {"bits_per_dim", "Bits per dimension", "bits", kLower},
    {"log_det", "Log-determinant", "nats", ""},
    {"lipschitz", "Lipschitz constant", "", "below 1: invertible"},
    {"terms", "Terms of the series", "", ""},
    {"rollbacks", "Roll-backs", "", "best 0"},
    {"seconds", "Time", "s", ""},
    {"iterations_per_s", "Speed", "iterations/s", ""},
    {"chain_steps_per_s", "Sampling speed", "chain-steps/s", ""},
    {"images_per_s", "Speed", "images/s", ""},
    // Of an evaluation: the keys of eval.json.
    {"n", "Items", "", ""},
    {"fd_infinity", "Fréchet distance, n → ∞", "", kLower},
    {"fd_reliable", "n is enough for the distance", "", ""},
    {"fd_infinity_reliable", "n is enough for n → ∞", "", ""},
    {"kid", "Kernel distance (KID)", "", "best 0"},
    {"kid_sd", "Standard deviation of KID", "", ""},
    {"precision", "Precision", "", kHigher},
    {"recall", "Recall", "", kHigher},
    {"density", "Density", "", "best 1"},
    {"coverage", "Coverage", "", kHigher},
    {"two_sample_1nn", "1-NN accuracy", "", "best 0.5"},
    {"two_sample_1nn_data", "1-NN accuracy, data", "", "best 0.5"},
    {"two_sample_1nn_samples", "1-NN accuracy, samples", "", "best 0.5"},
    {"classes.counts", "Images of each class", "", ""},
    {"classes.missing", "Missing classes", "", "best 0"},
    {"classes.entropy", "Entropy of classes", "nats", ""},
    {"classes.kl", "KL divergence of classes", "nats", kLower},
    {"memorisation.median_to_train", "Distance to training images", "", ""},
    {"memorisation.median_to_test", "Distance to test images", "", ""},
    {"memorisation.z_score", "z of the nearest", "", "best near 0; −5: copies"},
    {"memorisation.copy_share", "Share of copies", "", "best 0"},
    {"auroc", "AUROC of the energy", "", kHigher},
    {"aupr", "AUPR of the energy", "", kHigher},
    {"auroc_typicality", "AUROC of the distance from the median", "", kHigher},
    {"median", "Median of training images", "", ""},
    {"level", "Level of noise", "", ""},
    {"auroc_complexity", "AUROC of the complexity", "", ""},
    // Of a classification: the keys of classify.json.
    {"accuracy_of_energies", "Accuracy by the least energy", "", kHigher},
    {"accuracy_se", "Standard error of the accuracy", "", kLower},
    {"ece", "Calibration error (ECE)", "", kLower},
    {"temperature_from", "Temperature from", "", ""},
    {"auroc_doubt", "AUROC by p(y | x)", "", kHigher},
    {"auroc_marginal", "AUROC by the marginal energy", "", kHigher},
    {"auroc_errors.doubt", "AUROC of errors by p(y | x)", "", kHigher},
    {"auroc_errors.marginal", "AUROC of errors by the marginal energy", "", kHigher},
    {"moved.eps", "Perturbation size", "", ""},
    {"moved.fgsm", "Accuracy under FGSM", "", kHigher},
    {"moved.random", "Accuracy under random signs", "", kHigher},
    // Of longer chains.
    {"energy_drift", "Drift of the energy", "", "best near 0"},
    {"energy_drift_se", "Standard error of the drift", "", ""},
    // Of densities along levels of noise.
    {"log_p", "Mean log-density", "nats", kHigher},
    {"level_min", "Lowest level of noise", "", ""},
    {"level_max", "Highest level of noise", "", ""},
    // Of a restoration.
    {"psnr", "PSNR", "dB", kHigher},
    {"ssim", "SSIM", "", kHigher},
    {"log_z", "log Z", "nats", ""},
    {"se", "Standard error", "nats", kLower},
    {"ess", "Effective sample size", "", kHigher},
    {"mean_log_w", "Mean log-weight", "nats", ""},
    {"acceptance", "Acceptance", "", ""},
    {"gap", "Gap between the bounds", "nats", "best near 0"},
    {"temperatures", "Number of temperatures", "", ""},
    {"mean_energy", "Mean energy of test data", "", ""},
    {"model", "Model", "", ""},
    {"file", "Weights", "", ""},
    {"data", "Training data", "", ""},
    {"test", "Test data", "", ""},
    {"features.name", "Distance", "", ""},
    {"features.description", "Features", "", ""},
    {"steps", "Sampling steps", "", ""},
    {"step_size", "Step size", "", ""},
    {"noise_scale", "Noise scale", "", ""},
    {"temperature", "Temperature", "", ""},
    {"seed", "Random seed", "", ""},
};

// Tables of an evaluation, and the sets of images in them as app/eval prints them.
constexpr std::pair<std::string_view, std::string_view> kSets[] = {
    {"samples and anchors", "Samples and anchors"},
    {"samples", "Samples"},
    {"anchors", "Anchors"},
    {"ood", "Out-of-distribution detection: test images against other data"},
    {"scores", "Out-of-distribution detection by several scores"},
    {"classes", "Classes that the network sees in the samples"},
    {"features", "Features that images are compared in"},
    {"memorisation", "Nearest training images"},
    {"long_run", "Long run"},
    {"fd_long", "Chains from noise that go on after their samples"},
    {"densities", "Normalised density of test images"},
    {"film", "Film"},
    {"auroc_errors", "Error detection: wrong against right predictions"},
    {"moved", "Adversarial accuracy (FGSM)"},
    {"noise", "samples from noise"},
    {"data", "samples from data"},
    {"buffer", "samples from the buffer"},
    {"anchor: test", "anchor: test images"},
    {"anchor: gaussian", "anchor: Gaussian of the pixels"},
    {"anchor: uniform_noise", "anchor: uniform noise"},
};

}  // namespace

const FigureName* find_figure_name(std::string_view key) {
  const auto* const found = std::ranges::find(kNames, key, &FigureName::key);
  return found == std::end(kNames) ? nullptr : found;
}

std::string figure_title(std::string_view key) {
  if (const FigureName* known = find_figure_name(key)) return std::string(known->title);
  std::string title(key);
  std::ranges::replace(title, '_', ' ');
  if (!title.empty() && title[0] >= 'a' && title[0] <= 'z') title[0] += 'A' - 'a';
  return title;
}

std::optional<ClassColumn> column_of_class(std::string_view column) {
  constexpr std::string_view kOfClass = "_class_";
  const std::size_t at = column.find(kOfClass);
  if (at == std::string_view::npos || at == 0 || at + kOfClass.size() == column.size()) {
    return std::nullopt;
  }
  return ClassColumn{.figure = std::string(column.substr(0, at + kOfClass.size() - 1)),
                     .klass = std::string(column.substr(at + kOfClass.size()))};
}

std::string set_title(std::string_view key) {
  const auto* const found =
      std::ranges::find(kSets, key, &std::pair<std::string_view, std::string_view>::first);
  return std::string(found == std::end(kSets) ? key : found->second);
}

}  // namespace ebm::report
