#include "evaluation/report/evaluation_json.h"

#include <nlohmann/json.hpp>
#include <string>

#include "base/names/choice.h"
#include "base/printed.h"
#include "evaluation/report/density_text.h"
#include "evaluation/report/log_z_bounds_text.h"
#include "evaluation/report/precision_text.h"
#include "evaluation/report/terms_json.h"

namespace ebm::evaluation {
namespace {

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

}  // namespace

nlohmann::ordered_json eval_json(const EvalReport& report) {
  const Evaluation& found = report.evaluation;
  nlohmann::ordered_json document = json_of(found.samples.at(0).quality);
  if (report.model) {
    document["model"] = report.model->name;
    document["file"] = report.model->file;
  }
  document["data"] = found.data;
  document["test"] = found.test;
  document["features"] = {{"name", found.distance_name()}, {"description", found.features}};
  document["n"] = found.n;
  if (const auto& model = report.model) {
    document["steps"] = model->steps;
    document["step_size"] = model->step_size;
    document["noise_scale"] = model->noise_scale;
    document["temperature"] = model->temperature;
    nlohmann::json arithmetic;
    add_arithmetic(model->precision, arithmetic);
    add_terms(model->terms, arithmetic);
    document.update(nlohmann::ordered_json(arithmetic));
  }
  document["seed"] = report.seed;
  document["seconds"] = report.seconds;
  document["warnings"] = found.warnings;
  for (const EvaluatedSet& set : found.samples) document["samples"][set.key] = json_of(set);
  for (const EvaluatedSet& set : found.anchors) document["anchors"][set.key] = json_of(set);
  for (const OodResult& other : found.ood) {
    document["ood"][other.name] = {{"n", other.n},
                                   {"auroc", other.auroc},
                                   {"aupr", other.aupr},
                                   {"auroc_complexity", other.auroc_complexity}};
  }
  for (const Detection& by : found.detections) {
    const std::string score = base::name_of("score", kImageScores, by.score);
    const std::string key = by.level ? score + base::printed("@%.4g", double{*by.level}) : score;
    nlohmann::ordered_json& row = document["scores"][key];
    row["score"] = score;
    if (by.level) row["level"] = *by.level;
    row["median"] = by.median;
    for (const Detection::Other& other : by.others) {
      row[other.name] = {{"auroc", other.auroc}, {"auroc_typicality", other.auroc_typicality}};
    }
  }
  for (const EnergyHistograms::Counts& set : found.energies.sets) {
    document["energies"][set.name] = {{"edges", found.energies.edges}, {"counts", set.counts}};
  }
  if (found.log_z) document["log_z"] = log_z_bounds_json(*found.log_z);
  if (found.density) document["densities"] = density_json(*found.density);
  if (const auto& run = found.long_run) {
    document["long_run"] = {{"steps", run->steps},
                            {"fd", run->fd},
                            {"energy", run->energy},
                            {"saturation", run->saturation}};
  }
  if (found.long_fd) {
    for (const LongFd::Row& row : found.long_fd->rows()) {
      document["fd_long"][std::to_string(row.times) + "x"] = {{"steps", row.steps},
                                                              {"fd", row.fd},
                                                              {"energy", row.energy},
                                                              {"energy_drift", row.drift},
                                                              {"energy_drift_se", row.drift_se}};
    }
  }
  if (const auto& film = found.film) {
    document["film"] = {
        {"file", report.film_file}, {"steps", film->steps()}, {"chains", film->n_chains()}};
  }
  return document;
}

}  // namespace ebm::evaluation
