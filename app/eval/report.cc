#include "app/eval/report.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "base/printed.h"
#include "metrics/neighbours/density_coverage.h"

namespace ebm::app {
namespace {

using Line = std::vector<std::string>;

std::string text_of(const char* format, double value) {
  char text[64];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

/// Lines with their first column to the left and the others to the right.
std::string aligned(const std::vector<Line>& lines) {
  std::vector<std::size_t> widths;
  // "±" takes two bytes and one column.
  const auto width = [](const std::string& cell) {
    return static_cast<std::size_t>(std::count_if(cell.begin(), cell.end(), [](char c) {
      return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    }));
  };
  for (const Line& line : lines) {
    widths.resize(std::max(widths.size(), line.size()));
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], width(line[i]));
  }
  std::string text;
  for (const Line& line : lines) {
    text += line[0];
    if (line.size() > 1) text += std::string(widths[0] - width(line[0]), ' ');
    for (std::size_t i = 1; i < line.size(); ++i) {
      text += std::string(2 + widths[i] - width(line[i]), ' ') + line[i];
    }
    text += "\n";
  }
  return text;
}

std::string distance_name(const EvalReport& report) {
  return report.is_classifier ? "FD-CNN" : "FD";
}

Line header(const EvalReport& report) {
  const std::string distance = distance_name(report);
  Line line{"",          "n",      distance,  distance + "_inf", "KID ± sd",
            "precision", "recall", "density", "coverage",        "1-NN"};
  if (report.is_classifier) line.insert(line.end(), {"class KL", "missing"});
  return line;
}

Line cells(const EvaluatedSet& set) {
  const metrics::SampleQuality& q = set.quality;
  Line line{"  " + set.name,
            std::to_string(q.n),
            text_of("%.3f", q.fd) + (q.is_fd_reliable ? "" : "*"),
            text_of("%.3f", q.fd_infinity) + (q.is_fd_infinity_reliable ? "" : "*"),
            text_of("%.4f", q.kid) + " ± " + text_of("%.4f", q.kid_sd),
            text_of("%.3f", q.precision),
            text_of("%.3f", q.recall),
            text_of("%.3f", q.density),
            text_of("%.3f", q.coverage),
            text_of("%.3f", q.two_sample_1nn.accuracy)};
  if (q.classes) {
    line.push_back(text_of("%.3f", q.classes->kl_divergence));
    line.push_back(std::to_string(q.classes->n_missing));
  }
  return line;
}

nlohmann::ordered_json json_of(const metrics::SampleQuality& q) {
  nlohmann::ordered_json document{{"n", q.n},
                                  {"fd", q.fd},
                                  {"fd_infinity", q.fd_infinity},
                                  {"fd_reliable", q.is_fd_reliable},
                                  {"fd_infinity_reliable", q.is_fd_infinity_reliable},
                                  {"kid", q.kid},
                                  {"kid_sd", q.kid_sd},
                                  {"precision", q.precision},
                                  {"recall", q.recall},
                                  {"density", q.density},
                                  {"coverage", q.coverage},
                                  {"two_sample_1nn", q.two_sample_1nn.accuracy},
                                  {"two_sample_1nn_data", q.two_sample_1nn.accuracy_reference},
                                  {"two_sample_1nn_samples", q.two_sample_1nn.accuracy_samples}};
  if (q.classes) {
    document["classes"] = {{"counts", q.classes->counts},
                           {"missing", q.classes->n_missing},
                           {"entropy", q.classes->entropy},
                           {"kl", q.classes->kl_divergence}};
  }
  return document;
}

nlohmann::ordered_json json_of(const EvaluatedSet& set) {
  nlohmann::ordered_json document = json_of(set.quality);
  if (const auto& found = set.memorisation) {
    document["memorisation"] = {{"median_to_train", found->median_to_train},
                                {"median_to_test", found->median_to_test},
                                {"z_score", found->z_score},
                                {"copy_share", found->copy_share}};
  }
  return document;
}

/// How many of each class, set by set.
std::string class_table(const EvalReport& report) {
  std::vector<Line> lines{{"classes that the network sees"}};
  for (const auto* sets : {&report.samples, &report.anchors}) {
    for (const EvaluatedSet& set : *sets) {
      Line line{"  " + set.name};
      for (const std::int64_t count : set.quality.classes->counts) {
        line.push_back(std::to_string(count));
      }
      lines.push_back(line);
    }
  }
  return aligned(lines);
}

/// How near the sets are to the training images that they are compared with.
std::string memorisation_table(const EvalReport& report) {
  std::vector<Line> lines{
      {"nearest images, median distance", "to training", "to test", "z", "copies"}};
  for (const auto* sets : {&report.samples, &report.anchors}) {
    for (const EvaluatedSet& set : *sets) {
      if (!set.memorisation) continue;
      const metrics::Memorisation& found = *set.memorisation;
      lines.push_back({"  " + set.name, text_of("%.4g", found.median_to_train),
                       text_of("%.4g", found.median_to_test), text_of("%.1f", found.z_score),
                       text_of("%.1f %%", 100.0 * found.copy_share)});
    }
  }
  return aligned(lines) +
         "  z: about 0 if as near to training images as test images are; -5 and below is copying\n";
}

/// What energies tell apart.
std::string others_table(const EvalReport& report) {
  std::vector<Line> lines{
      {"test images against", "n", "AUROC of E", "AUPR", "AUROC of complexity"}};
  for (const EvaluatedOther& other : report.others) {
    lines.push_back({"  " + other.name, std::to_string(other.n), text_of("%.4f", other.auroc),
                     text_of("%.4f", other.aupr), text_of("%.4f", other.auroc_complexity)});
  }
  return aligned(lines);
}

/// What becomes of the chains from noise.
std::string long_run_table(const EvalReport& report) {
  std::vector<Line> lines{
      {"chains from noise after", distance_name(report), "mean E", "at the wall"}};
  const LongRun& run = *report.long_run;
  for (std::size_t i = 0; i < run.steps.size(); ++i) {
    lines.push_back({"  " + std::to_string(run.steps[i]) + " steps", text_of("%.3f", run.fd[i]),
                     text_of("%.5g", run.energy[i]), text_of("%.3f", run.saturation[i])});
  }
  return aligned(lines);
}

}  // namespace

nlohmann::ordered_json eval_json(const EvalReport& report) {
  nlohmann::ordered_json document = json_of(report.samples.at(0).quality);
  if (report.model) {
    document["model"] = report.model->name;
    document["file"] = report.model->file;
  }
  document["data"] = report.data;
  document["test"] = report.test;
  document["features"] = {{"name", distance_name(report)}, {"description", report.features}};
  document["n"] = report.n;
  if (const auto& model = report.model) {
    document["steps"] = model->steps;
    document["step_size"] = model->step_size;
    document["noise_scale"] = model->noise_scale;
    document["temperature"] = model->temperature;
  }
  document["seed"] = report.seed;
  document["seconds"] = report.seconds;
  for (const EvaluatedSet& set : report.samples) {
    document["samples"][set.key] = json_of(set);
  }
  for (const EvaluatedSet& set : report.anchors) {
    document["anchors"][set.key] = json_of(set);
  }
  for (const EvaluatedOther& other : report.others) {
    document["ood"][other.name] = {{"n", other.n},
                                   {"auroc", other.auroc},
                                   {"aupr", other.aupr},
                                   {"auroc_complexity", other.auroc_complexity}};
  }
  for (const EnergyHistograms::Counts& set : report.energies.sets) {
    document["energies"][set.name] = {{"edges", report.energies.edges}, {"counts", set.counts}};
  }
  if (report.log_z) document["log_z"] = eval_log_z_json(*report.log_z);
  if (const auto& run = report.long_run) {
    document["long_run"] = {{"steps", run->steps},
                            {"fd", run->fd},
                            {"energy", run->energy},
                            {"saturation", run->saturation}};
  }
  if (const auto& film = report.film) {
    document["film"] = {{"file", film->file}, {"steps", film->steps}, {"chains", film->n_chains}};
  }
  return document;
}

std::string eval_text(const EvalReport& report) {
  const auto seed = static_cast<unsigned long long>(report.seed);
  std::string text;
  if (const auto& model = report.model) {
    text = "model     " + model->name + (model->file == model->name ? "" : ", " + model->file) +
           base::printed("\nsampler   %lld steps of %.6g with noise %.6g (T = %.3g), seed %llu\n",
                         static_cast<long long>(model->steps), model->step_size, model->noise_scale,
                         model->temperature, seed);
  } else {
    text = base::printed("seed      %llu\n", seed);
  }
  text += "data      " + report.data + ", tested with " + report.test + "\nfeatures  " +
          report.features + "\n";
  std::vector<Line> lines{header(report),
                          {report.model ? "samples, chains started from" : "samples"}};
  for (const EvaluatedSet& set : report.samples) lines.push_back(cells(set));
  lines.push_back({"anchors"});
  for (const EvaluatedSet& set : report.anchors) lines.push_back(cells(set));
  text += "\n" + aligned(lines);
  bool reliable = true;
  for (const auto* sets : {&report.samples, &report.anchors}) {
    for (const EvaluatedSet& set : *sets) {
      reliable &= set.quality.is_fd_reliable && set.quality.is_fd_infinity_reliable;
    }
  }
  if (!reliable) {
    text += "* a covariance of so few images is singular: mostly bias, compare with no other n\n";
  }
  text += "  of the data's own distribution: density 1, coverage " +
          text_of("%.3f", metrics::expected_coverage(report.n, report.n, 5)) +
          ", 1-NN 0.5, KID 0\n";
  if (report.is_classifier) text += "\n" + class_table(report);
  text += "\n" + memorisation_table(report);
  if (report.long_run) text += "\n" + long_run_table(report);
  if (!report.others.empty()) text += "\n" + others_table(report);
  text += "\n";
  if (report.log_z) text += eval_log_z_text(*report.log_z) + "\n";
  return text + text_of("%.1f s\n", report.seconds);
}

}  // namespace ebm::app
