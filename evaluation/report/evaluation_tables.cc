#include "evaluation/report/evaluation_tables.h"

#include <vector>

#include "base/printed.h"
#include "base/text_table.h"
#include "evaluation/report/density_text.h"
#include "evaluation/report/log_z_bounds_text.h"
#include "metrics/neighbours/density_coverage.h"

namespace ebm::evaluation {
namespace {

using base::printed;
using base::text_table;
using Line = std::vector<std::string>;

Line header(const Evaluation& found) {
  const std::string distance = found.distance_name();
  Line line{"",          "n",      distance,  distance + "_inf", "KID ± sd",
            "precision", "recall", "density", "coverage",        "1-NN"};
  if (found.is_classifier) line.insert(line.end(), {"class KL", "missing"});
  return line;
}

Line cells(const EvaluatedSet& set) {
  const metrics::SampleQuality& q = set.quality;
  Line line{"  " + set.name,
            std::to_string(q.n),
            printed("%.3f", q.fd) + (q.is_fd_reliable ? "" : "*"),
            printed("%.3f", q.fd_infinity) + (q.is_fd_infinity_reliable ? "" : "*"),
            printed("%.4f", q.kid) + " ± " + printed("%.4f", q.kid_sd),
            printed("%.3f", q.precision),
            printed("%.3f", q.recall),
            printed("%.3f", q.density),
            printed("%.3f", q.coverage),
            printed("%.3f", q.two_sample_1nn.accuracy)};
  if (q.classes) {
    line.push_back(printed("%.3f", q.classes->kl_divergence));
    line.push_back(std::to_string(q.classes->n_missing));
  }
  return line;
}

/// How many of each class, set by set.
std::string class_table(const Evaluation& found) {
  std::vector<Line> lines{{"predicted classes"}};
  for (const auto* sets : {&found.samples, &found.anchors}) {
    for (const EvaluatedSet& set : *sets) {
      Line line{"  " + set.name};
      for (const std::int64_t count : set.quality.classes->counts) {
        line.push_back(std::to_string(count));
      }
      lines.push_back(line);
    }
  }
  return text_table(lines);
}

/// How near the sets are to the training images that they are compared with.
std::string memorisation_table(const Evaluation& found) {
  std::vector<Line> lines{
      {"nearest images, median distance", "to training", "to test", "z", "copies"}};
  for (const auto* sets : {&found.samples, &found.anchors}) {
    for (const EvaluatedSet& set : *sets) {
      if (!set.memorisation) continue;
      const metrics::Memorisation& nearest = *set.memorisation;
      lines.push_back({"  " + set.name, printed("%.4g", nearest.median_to_train),
                       printed("%.4g", nearest.median_to_test), printed("%.1f", nearest.z_score),
                       printed("%.1f %%", 100.0 * nearest.copy_share)});
    }
  }
  return text_table(lines) +
         "  z: about 0 if as near to training images as test images are; -5 and below is copying\n";
}

/// OOD detection by energies.
std::string ood_table(const Evaluation& found) {
  std::vector<Line> lines{
      {"test images against", "n", "AUROC of E", "AUPR", "AUROC of complexity"}};
  for (const OodResult& other : found.ood) {
    lines.push_back({"  " + other.name, std::to_string(other.n), printed("%.4f", other.auroc),
                     printed("%.4f", other.aupr), printed("%.4f", other.auroc_complexity)});
  }
  return text_table(lines);
}

/// AUROC of several scores, as they are and by their distance from those of training images.
std::string detection_table(const Evaluation& found) {
  constexpr const char* kNames[] = {"E", "norm of dE/dx", "density by the flow"};
  Line header{"AUROC: higher / less typical", "level"};
  for (const Detection::Other& other : found.detections.front().others) {
    header.push_back(other.name);
  }
  std::vector<Line> lines{header};
  for (const Detection& by : found.detections) {
    Line line{std::string("  ") + kNames[static_cast<std::size_t>(by.score)],
              by.level ? printed("%.3g", double{*by.level}) : ""};
    for (const Detection::Other& other : by.others) {
      line.push_back(printed("%.3f", other.auroc) + " / " +
                     printed("%.3f", other.auroc_typicality));
    }
    lines.push_back(line);
  }
  return text_table(lines);
}

/// How the chains from noise change with more steps.
std::string long_run_table(const Evaluation& found) {
  std::vector<Line> lines{
      {"chains from noise after", found.distance_name(), "mean E", "at the wall"}};
  const LongRun& run = *found.long_run;
  for (std::size_t i = 0; i < run.steps.size(); ++i) {
    lines.push_back({"  " + std::to_string(run.steps[i]) + " steps", printed("%.3f", run.fd[i]),
                     printed("%.5g", run.energy[i]), printed("%.3f", run.saturation[i])});
  }
  return text_table(lines);
}

/// Whether samples stay samples when their chains go on.
std::string long_fd_table(const Evaluation& found) {
  const std::vector<LongFd::Row>& rows = found.long_fd->rows();
  std::vector<Line> lines{
      {"samples and longer chains", found.distance_name(), "ratio", "mean E", "drift of E ± se"}};
  for (const LongFd::Row& row : rows) {
    lines.push_back(
        {"  " + std::to_string(row.times) + " x the steps, " + std::to_string(row.steps),
         printed("%.3f", row.fd), printed("%.3g", row.fd / rows.front().fd),
         printed("%.5g", row.energy),
         printed("%.4g", row.drift) + " ± " + printed("%.2g", row.drift_se)});
  }
  return text_table(lines);
}

}  // namespace

std::string eval_text(const EvalReport& report) {
  const Evaluation& found = report.evaluation;
  const auto seed = static_cast<unsigned long long>(report.seed);
  std::string text;
  if (const auto& model = report.model) {
    text = printed("model     %s%s%s\n", model->name, model->file == model->name ? "" : ", ",
                   model->file == model->name ? "" : model->file) +
           printed("sampler   %lld steps, step size %.6g, noise scale %.6g (T = %.3g), seed %llu\n",
                   static_cast<long long>(model->steps), model->step_size, model->noise_scale,
                   model->temperature, seed);
  } else {
    text = printed("seed      %llu\n", seed);
  }
  text += printed("data      %s, tested with %s\nfeatures  %s\n", found.data, found.test,
                  found.features);
  std::vector<Line> lines{header(found),
                          {report.model ? "samples, chains started from" : "samples"}};
  for (const EvaluatedSet& set : found.samples) lines.push_back(cells(set));
  lines.push_back({"anchors"});
  for (const EvaluatedSet& set : found.anchors) lines.push_back(cells(set));
  text += "\n" + text_table(lines);
  bool reliable = true;
  for (const auto* sets : {&found.samples, &found.anchors}) {
    for (const EvaluatedSet& set : *sets) {
      reliable &= set.quality.is_fd_reliable && set.quality.is_fd_infinity_reliable;
    }
  }
  if (!reliable) {
    text +=
        "* n is too small for a covariance of full rank: mostly bias, not comparable with "
        "another n\n";
  }
  text += printed(
      "  ideal values, of draws of the data's distribution: density 1, coverage %.3f, 1-NN 0.5, "
      "KID 0\n",
      metrics::expected_coverage(found.n, found.n, 5));
  if (found.is_classifier) text += "\n" + class_table(found);
  text += "\n" + memorisation_table(found);
  if (found.long_run) text += "\n" + long_run_table(found);
  if (found.long_fd) text += "\n" + long_fd_table(found);
  if (!found.ood.empty()) text += "\n" + ood_table(found);
  if (!found.detections.empty()) text += "\n" + detection_table(found);
  text += "\n";
  if (found.log_z) text += log_z_bounds_text(*found.log_z) + "\n";
  if (found.density) text += density_text(*found.density) + "\n";
  return text + printed("%.1f s\n", report.seconds);
}

}  // namespace ebm::evaluation
