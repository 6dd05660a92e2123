#include "evaluation/report/classification_report.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>
#include <optional>

#include "base/number_text.h"
#include "base/printed.h"
#include "base/quote.h"
#include "evaluation/classification/class_labels.h"

namespace ebm::evaluation {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::int64_t kMaxShownClasses = 20;

Json json_or_null(const std::optional<double>& value) { return value ? Json(*value) : Json(); }

std::string text_or_none(const std::optional<double>& value) {
  return value ? base::printed("%.4f", *value) : "none";
}

/// The first letters of a name, whole characters of UTF-8.
std::string shortened(const std::string& name, std::size_t most) {
  std::string text = base::one_line(name);
  if (text.size() <= most) return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80) --most;
  return text.substr(0, most);
}

std::string confusion_text(const ClassificationReport& report) {
  const Classification& test = report.run.test;
  if (test.n_classes > kMaxShownClasses) {
    return base::printed("confusion matrix of %lld classes: in --json and the picture\n",
                         static_cast<long long>(test.n_classes));
  }
  std::string text = base::printed("%-14s", "true \\ found");
  for (std::int64_t klass = 0; klass < test.n_classes; ++klass) {
    text += base::printed(" %7s", shortened(class_title(klass, report.class_names), 7));
  }
  text += "   right\n";
  for (std::int64_t klass = 0; klass < test.n_classes; ++klass) {
    text += base::printed("%-14s", shortened(class_title(klass, report.class_names), 14));
    std::int64_t n = 0;
    for (std::int64_t other = 0; other < test.n_classes; ++other) {
      n += test.at(klass, other);
      text += base::printed(" %7lld", static_cast<long long>(test.at(klass, other)));
    }
    text += n == 0
                ? std::string("    none\n")
                : base::printed("  %5.1f%%\n", 100.0 * static_cast<double>(test.at(klass, klass)) /
                                                   static_cast<double>(n));
  }
  return text;
}

/// [levels, n_classes], one row where no levels were given; none if they were not fitted.
std::vector<std::vector<float>> weights_of_levels(const ClassificationReport& report) {
  const std::int64_t n_classes = report.run.test.n_classes;
  std::vector<std::vector<float>> rows;
  for (auto at = report.weights.begin(); at != report.weights.end(); at += n_classes) {
    rows.emplace_back(at, at + n_classes);
  }
  return rows;
}

double mean_of(const std::vector<float>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace

Json classification_json(const ClassificationReport& report) {
  const Classification& test = report.run.test;
  Json names = Json::array(), confusion = Json::array(), calibration = Json::array(),
       others = Json::object();
  for (std::int64_t klass = 0; klass < test.n_classes; ++klass) {
    names.push_back(class_title(klass, report.class_names));
    const auto first = test.confusion.begin() + klass * test.n_classes;
    confusion.push_back(std::vector<std::int64_t>(first, first + test.n_classes));
  }
  for (const Calibration::Bin& bin : test.calibration.bins) {
    calibration.push_back(
        {{"n", bin.n}, {"confidence", bin.confidence}, {"accuracy", bin.accuracy}});
  }
  for (const OtherData& each : report.run.others) {
    others[each.name] = {
        {"n", each.n}, {"auroc_doubt", each.auroc_doubt}, {"auroc_marginal", each.auroc_marginal}};
  }
  Json document{{"model", report.model},
                {"data", report.data},
                {"n", test.n()},
                {"temperature", test.temperature},
                {"temperature_from", report.temperature_from},
                {"accuracy", test.accuracy},
                {"accuracy_se", test.accuracy_se()},
                {"accuracy_of_energies", report.run.accuracy_of_energies},
                {"cross_entropy", test.cross_entropy},
                {"ece", test.calibration.ece},
                {"auroc_errors",
                 {{"doubt", json_or_null(test.auroc_doubt)},
                  {"marginal", json_or_null(test.auroc_marginal)}}},
                {"classes", names},
                {"confusion", confusion},
                {"calibration", calibration}};
  if (!report.levels.empty()) document["levels"] = report.levels;
  if (!report.weights.empty()) document["weights"] = weights_of_levels(report);
  if (report.noise_draws > 0) document["noise_draws"] = report.noise_draws;
  if (!report.offsets.empty()) document["offsets"] = report.offsets;
  if (!report.run.others.empty()) document["ood"] = others;
  if (!report.run.moved.empty()) {
    Json eps = Json::array(), fgsm = Json::array(), random = Json::array();
    for (const AttackedAccuracy& each : report.run.moved) {
      eps.push_back(each.eps);
      fgsm.push_back(each.fgsm);
      random.push_back(each.random);
    }
    document["moved"] = {
        {"n", report.run.n_moved}, {"eps", eps}, {"fgsm", fgsm}, {"random", random}};
  }
  return document;
}

std::string classification_text(const ClassificationReport& report) {
  const Classification& test = report.run.test;
  std::string text = base::printed("%lld items of %s, p(y | x) at T = %.6g (%s)\n",
                                   static_cast<long long>(test.n()), report.data, test.temperature,
                                   report.temperature_from);
  if (!report.levels.empty()) {
    const auto weights = weights_of_levels(report);
    const bool have_weights = !weights.empty();
    text += have_weights ? "sum of the energies with fitted weights at levels of noise"
                         : "mean of the energies at levels of noise";
    for (std::size_t i = 0; i < report.levels.size(); ++i) {
      text += (i == 0 ? " " : ", ") + base::number_text(report.levels[i]);
      if (have_weights) text += base::printed(" (%.3g)", mean_of(weights[i]));
    }
    text += "\n";
  }
  if (report.noise_draws > 0) {
    text += base::printed("mean over %lld copies of each item with noise of its level\n",
                          static_cast<long long>(report.noise_draws));
  }
  if (!report.offsets.empty()) {
    const auto [low, high] = std::ranges::minmax(report.offsets);
    text += base::printed("bias of each class, fitted too, from %.6g to %.6g\n", double{low},
                          double{high});
  }
  if (!report.weights.empty()) {
    std::vector<double> of_classes(static_cast<std::size_t>(test.n_classes));
    for (const auto& row : weights_of_levels(report)) {
      for (std::size_t k = 0; k < row.size(); ++k) of_classes[k] += row[k];
    }
    const auto [low, high] = std::ranges::minmax(of_classes);
    text += base::printed("weight of the energies of each class, fitted too, from %.4g to %.4g\n",
                          low, high);
  }
  text += base::printed("accuracy       %.4f +- %.4f", test.accuracy, test.accuracy_se());
  if (!report.offsets.empty()) {
    text += base::printed(", %.4f by the energies alone", report.run.accuracy_of_energies);
  }
  text += "\n";
  text += base::printed("cross-entropy  %.4g nats\n", test.cross_entropy);
  text += base::printed("ECE            %.4f, in %lld bins\n", test.calibration.ece,
                        static_cast<long long>(Calibration::kBins));
  text += "AUROC of wrong against right: by p(y | x) " + text_or_none(test.auroc_doubt) +
          ", by the marginal energy " + text_or_none(test.auroc_marginal) + "\n\n" +
          confusion_text(report);
  if (!report.run.others.empty()) {
    text += "\nout-of-distribution data       n   AUROC by p(y | x)  by the marginal energy\n";
    for (const OtherData& each : report.run.others) {
      text += base::printed("%-24s %7lld  %18.4f  %22.4f\n", base::one_line(each.name),
                            static_cast<long long>(each.n), each.auroc_doubt, each.auroc_marginal);
    }
  }
  if (!report.run.moved.empty()) {
    text += base::printed(
        "\naccuracy of %lld items under perturbations of every value by eps\n    eps    FGSM  "
        "random signs\n",
        static_cast<long long>(report.run.n_moved));
    for (const AttackedAccuracy& each : report.run.moved) {
      text += base::printed("%7.4g  %.4f  %12.4f\n", each.eps, each.fgsm, each.random);
    }
  }
  return text;
}

std::string predictions_csv(const ClassifierRun& run) {
  std::string text = "item,label,predicted,probability,marginal\n";
  const auto add = [&](double value) { text += "," + base::exact_text(value); };
  for (std::size_t i = 0; i < run.labels.size(); ++i) {
    const ClassScores& scores = run.test.scores[i];
    text += std::to_string(i) + "," + std::to_string(run.labels[i]) + "," +
            std::to_string(scores.predicted);
    add(scores.confidence);
    add(scores.marginal);
    text += "\n";
  }
  return text;
}

}  // namespace ebm::evaluation
