#include "app/eval/report.h"

#include <nlohmann/json.hpp>
#include <numbers>

#include "app/sample/log_z_text.h"
#include "base/printed.h"
#include "base/text_table.h"
#include "metrics/neighbours/density_coverage.h"

namespace ebm::app {
namespace {

using base::printed;
using base::text_table;
using evaluation::EvaluatedSet;
using evaluation::Evaluation;
using Line = std::vector<std::string>;

/// Of LogZBoundsOptions.
constexpr const char* kSchedule = "geometric";

std::string distance_name(const Evaluation& found) { return found.is_classifier ? "FD-CNN" : "FD"; }

Line header(const Evaluation& found) {
  const std::string distance = distance_name(found);
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
  for (const evaluation::OodResult& other : found.ood) {
    lines.push_back({"  " + other.name, std::to_string(other.n), printed("%.4f", other.auroc),
                     printed("%.4f", other.aupr), printed("%.4f", other.auroc_complexity)});
  }
  return text_table(lines);
}

/// How the chains from noise change with more steps.
std::string long_run_table(const Evaluation& found) {
  std::vector<Line> lines{
      {"chains from noise after", distance_name(found), "mean E", "at the wall"}};
  const evaluation::LongRun& run = *found.long_run;
  for (std::size_t i = 0; i < run.steps.size(); ++i) {
    lines.push_back({"  " + std::to_string(run.steps[i]) + " steps", printed("%.3f", run.fd[i]),
                     printed("%.5g", run.energy[i]), printed("%.3f", run.saturation[i])});
  }
  return text_table(lines);
}

nlohmann::json number_or_null(const std::optional<double>& value) {
  return value ? nlohmann::json(*value) : nlohmann::json(nullptr);
}

/// A line about the bits per dimension from one direction.
std::string bits_text(const char* name, const evaluation::LogZBounds& found,
                      const samplers::LogZEstimate& estimate, const char* explanation) {
  const double bits = *found.bits_per_dim(estimate);
  const std::string line = printed("%-12s %.4f %s\n", name, bits, explanation);
  if (bits >= 0.0) return line;
  return line + printed(
                    "%-12s no image takes less than 0 bits: that log Z is too low by at least "
                    "%.0f nats\n",
                    "", -bits * std::numbers::ln2 * static_cast<double>(found.dim));
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
  const std::string text =
      printed("log Z of exp(-E/T) at T = %.3g by %lld values of beta (%s), in reverse from %s\n",
              found.temperature, static_cast<long long>(found.n_temperatures), kSchedule,
              found.reverse_from.c_str()) +
      log_z_text(found.estimates);
  if (!found.mean_energy) {
    return text + "bits/dim     none: the data are floats, which have no grey levels to count\n";
  }
  const std::string bits = bits_text("bits/dim", found, found.estimates.forward,
                                     "by the forward run: too low by as much as its log Z is");
  if (!found.estimates.reverse) return text + bits;
  return text + bits +
         bits_text("", found, *found.estimates.reverse, "by the reverse run, approximate");
}

nlohmann::ordered_json eval_json(const EvalReport& report) {
  const Evaluation& found = report.evaluation;
  nlohmann::ordered_json document = json_of(found.samples.at(0).quality);
  if (report.model) {
    document["model"] = report.model->name;
    document["file"] = report.model->file;
  }
  document["data"] = found.data;
  document["test"] = found.test;
  document["features"] = {{"name", distance_name(found)}, {"description", found.features}};
  document["n"] = found.n;
  if (const auto& model = report.model) {
    document["steps"] = model->steps;
    document["step_size"] = model->step_size;
    document["noise_scale"] = model->noise_scale;
    document["temperature"] = model->temperature;
  }
  document["seed"] = report.seed;
  document["seconds"] = report.seconds;
  for (const EvaluatedSet& set : found.samples) document["samples"][set.key] = json_of(set);
  for (const EvaluatedSet& set : found.anchors) document["anchors"][set.key] = json_of(set);
  for (const evaluation::OodResult& other : found.ood) {
    document["ood"][other.name] = {{"n", other.n},
                                   {"auroc", other.auroc},
                                   {"aupr", other.aupr},
                                   {"auroc_complexity", other.auroc_complexity}};
  }
  for (const evaluation::EnergyHistograms::Counts& set : found.energies.sets) {
    document["energies"][set.name] = {{"edges", found.energies.edges}, {"counts", set.counts}};
  }
  if (found.log_z) document["log_z"] = log_z_bounds_json(*found.log_z);
  if (const auto& run = found.long_run) {
    document["long_run"] = {{"steps", run->steps},
                            {"fd", run->fd},
                            {"energy", run->energy},
                            {"saturation", run->saturation}};
  }
  if (const auto& film = found.film) {
    document["film"] = {
        {"file", report.film_file}, {"steps", film->steps()}, {"chains", film->n_chains()}};
  }
  return document;
}

std::string eval_text(const EvalReport& report) {
  const Evaluation& found = report.evaluation;
  const auto seed = static_cast<unsigned long long>(report.seed);
  std::string text;
  if (const auto& model = report.model) {
    text =
        "model     " + model->name + (model->file == model->name ? "" : ", " + model->file) +
        printed("\nsampler   %lld steps, step size %.6g, noise scale %.6g (T = %.3g), seed %llu\n",
                static_cast<long long>(model->steps), model->step_size, model->noise_scale,
                model->temperature, seed);
  } else {
    text = printed("seed      %llu\n", seed);
  }
  text += "data      " + found.data + ", tested with " + found.test + "\nfeatures  " +
          found.features + "\n";
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
  if (!found.ood.empty()) text += "\n" + ood_table(found);
  text += "\n";
  if (found.log_z) text += log_z_bounds_text(*found.log_z) + "\n";
  return text + printed("%.1f s\n", report.seconds);
}

}  // namespace ebm::app
