#include "app/eval/report.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <numbers>

#include "app/sample/log_z_text.h"
#include "base/printed.h"
#include "metrics/neighbours/density_coverage.h"

namespace ebm::app {
namespace {

using Line = std::vector<std::string>;

/// Of LogZBoundsOptions.
constexpr const char* kSchedule = "geometric";

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

Line cells(const evaluation::EvaluatedSet& set) {
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

nlohmann::ordered_json json_of(const evaluation::EvaluatedSet& set) {
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
    for (const evaluation::EvaluatedSet& set : *sets) {
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
    for (const evaluation::EvaluatedSet& set : *sets) {
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
  for (const evaluation::OodResult& other : report.others) {
    lines.push_back({"  " + other.name, std::to_string(other.n), text_of("%.4f", other.auroc),
                     text_of("%.4f", other.aupr), text_of("%.4f", other.auroc_complexity)});
  }
  return aligned(lines);
}

/// What becomes of the chains from noise.
std::string long_run_table(const EvalReport& report) {
  std::vector<Line> lines{
      {"chains from noise after", distance_name(report), "mean E", "at the wall"}};
  const evaluation::LongRun& run = *report.long_run;
  for (std::size_t i = 0; i < run.steps.size(); ++i) {
    lines.push_back({"  " + std::to_string(run.steps[i]) + " steps", text_of("%.3f", run.fd[i]),
                     text_of("%.5g", run.energy[i]), text_of("%.3f", run.saturation[i])});
  }
  return aligned(lines);
}

nlohmann::json number_or_null(const std::optional<double>& value) {
  return value ? nlohmann::json(*value) : nlohmann::json(nullptr);
}

/// A line about the bits that one direction comes to.
std::string bits_text(const char* name, const evaluation::LogZBounds& found,
                      const samplers::LogZEstimate& estimate, const char* words) {
  const double bits = *found.bits_per_dim(estimate);
  char line[320];
  std::snprintf(line, sizeof line, "%-12s %.4f %s\n", name, bits, words);
  if (bits >= 0.0) return line;
  char more[160];
  std::snprintf(
      more, sizeof more,
      "%-12s no levels take less than 0 bits: that log Z is too low by %.0f nats or more\n", "",
      -bits * std::numbers::ln2 * static_cast<double>(found.dim));
  return std::string(line) + more;
}

}  // namespace

nlohmann::json log_z_bounds_json(const evaluation::LogZBounds& found) {
  nlohmann::json document = log_z_json(found.estimates);
  document["temperature"] = found.temperature;
  document["temperatures"] = found.n_temperatures;
  document["schedule"] = kSchedule;
  document["mean_energy"] = number_or_null(found.mean_energy);
  document["bits_per_dim"] = number_or_null(found.bits_per_dim(found.estimates.forward));
  if (const auto& reverse = found.estimates.reverse) {
    document["reverse"]["from"] = found.reverse_from;
    document["reverse"]["bits_per_dim"] = number_or_null(found.bits_per_dim(*reverse));
  }
  return document;
}

std::string log_z_bounds_text(const evaluation::LogZBounds& found) {
  char line[320];
  std::snprintf(line, sizeof line,
                "log Z of exp(-E/T) at T = %.3g by %lld values of beta (%s), in reverse from %s\n",
                found.temperature, static_cast<long long>(found.n_temperatures), kSchedule,
                found.reverse_from.c_str());
  std::string text = line + log_z_text(found.estimates);
  if (!found.mean_energy) {
    return text + "bits/dim     none: the data are floats, which have no grey levels to count\n";
  }
  text += bits_text("bits/dim", found, found.estimates.forward,
                    "by the forward run: too low by as much as its log Z is");
  if (!found.estimates.reverse) return text;
  return text + bits_text("", found, *found.estimates.reverse, "by the reverse run, approximate");
}

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
  for (const evaluation::EvaluatedSet& set : report.samples) {
    document["samples"][set.key] = json_of(set);
  }
  for (const evaluation::EvaluatedSet& set : report.anchors) {
    document["anchors"][set.key] = json_of(set);
  }
  for (const evaluation::OodResult& other : report.others) {
    document["ood"][other.name] = {{"n", other.n},
                                   {"auroc", other.auroc},
                                   {"aupr", other.aupr},
                                   {"auroc_complexity", other.auroc_complexity}};
  }
  for (const evaluation::EnergyHistograms::Counts& set : report.energies.sets) {
    document["energies"][set.name] = {{"edges", report.energies.edges}, {"counts", set.counts}};
  }
  if (report.log_z) document["log_z"] = log_z_bounds_json(*report.log_z);
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
  for (const evaluation::EvaluatedSet& set : report.samples) lines.push_back(cells(set));
  lines.push_back({"anchors"});
  for (const evaluation::EvaluatedSet& set : report.anchors) lines.push_back(cells(set));
  text += "\n" + aligned(lines);
  bool reliable = true;
  for (const auto* sets : {&report.samples, &report.anchors}) {
    for (const evaluation::EvaluatedSet& set : *sets) {
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
  if (report.log_z) text += log_z_bounds_text(*report.log_z) + "\n";
  return text + text_of("%.1f s\n", report.seconds);
}

}  // namespace ebm::app
