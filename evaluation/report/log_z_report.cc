#include "evaluation/report/log_z_report.h"

#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "base/names/choice.h"
#include "base/printed.h"
#include "evaluation/report/precision_text.h"

namespace ebm::evaluation {
namespace {

using Sampler = samplers::TransitionOptions::Sampler;

std::string base_text(const samplers::BaseDensity& base) {
  char text[80];
  if (base.box) {
    std::snprintf(text, sizeof text, "uniform on [%g, %g]", base.box->low, base.box->high);
  } else {
    std::snprintf(text, sizeof text, "N(0, %g^2)", base.sd);
  }
  return text;
}

const char* schedule_name(const samplers::AnnealedImportanceOptions& options) {
  return base::name_of("schedule", samplers::kBetaShapes, options.schedule);
}

void add_moves(const LogZReport& report, nlohmann::json& document) {
  const samplers::TransitionOptions& moves = report.options.transitions;
  document["temperatures"] = report.options.n_temperatures;
  document["schedule"] = schedule_name(report.options);
  document["steps"] = moves.n_transitions;
  document["sampler"] = base::name_of("sampler", samplers::kTransitionSamplers, moves.sampler);
  document["leapfrog"] = moves.sampler == Sampler::kHmc ? moves.n_leapfrog : 1;
  document["leapfrog_step_sizes"] = report.step_sizes;
}

std::string path_text(const LogZReport& report) {
  const auto n = static_cast<long long>(report.options.n_temperatures);
  if (report.levels) {
    return base::printed(
        "%-12s %lld levels of noise from %g to %g, with steps of the diffusion between them\n",
        "path", n, double{report.levels->highest}, double{report.levels->lowest});
  }
  const samplers::TransitionOptions& moves = report.options.transitions;
  std::string text =
      base::printed("%-12s %lld values of beta (%s), %lld transition%s by ", "path", n,
                    schedule_name(report.options), static_cast<long long>(moves.n_transitions),
                    moves.n_transitions == 1 ? "" : "s");
  if (moves.sampler == Sampler::kHmc) {
    text +=
        base::printed("HMC of up to %lld leapfrog steps", static_cast<long long>(moves.n_leapfrog));
  } else {
    text += "MALA";
  }
  return text + base::printed(" at each, h from %.3g to %.3g\n", report.step_sizes.front(),
                              report.step_sizes.back());
}

}  // namespace

nlohmann::json log_z_report_json(const LogZReport& report) {
  const auto& options = report.options;
  nlohmann::json document = log_z_json(report.estimates);
  document["target"] = report.target;
  document["dim"] = report.dim;
  document["temperature"] = options.temperature;
  document["path"] = report.levels ? "noise" : "beta";
  if (report.levels) {
    document["levels"] = options.n_temperatures;
    document["level_max"] = report.levels->highest;
    document["level_min"] = report.levels->lowest;
  } else {
    add_moves(report, document);
  }
  document["base"] = {{"log_z", report.log_z_base}};
  if (options.base.box) {
    document["base"]["box"] = {options.base.box->low, options.base.box->high};
  } else {
    document["base"]["sd"] = options.base.sd;
  }
  document["seed"] = options.seed;
  if (report.estimates.reverse) document["reverse"]["file"] = report.reverse_file;
  document["exact_log_z"] = report.exact ? nlohmann::json(*report.exact) : nlohmann::json(nullptr);
  document["seconds"] = report.seconds;
  add_arithmetic(report.precision, document);
  return document;
}

std::string log_z_report_text(const LogZReport& report) {
  const auto& options = report.options;
  std::string text;
  text += base::printed("%-12s %s, dim %lld: Z = integral of exp(-E/T)%s\n", "target",
                        report.target.c_str(), static_cast<long long>(report.dim),
                        options.base.box ? " over the box" : "");
  text +=
      base::printed("%-12s T = %g%s\n", "temperature", options.temperature,
                    report.is_model && !report.levels
                        ? "; models of images are sampled far below T = 1, which is another density"
                        : "");
  text += base::printed("%-12s %s, log Z = %.4f\n", "base", base_text(options.base).c_str(),
                        report.log_z_base);
  text += path_text(report);
  text += log_z_text(report.estimates);
  if (report.exact) {
    text += base::printed("%-12s log Z = %.4f at T = 1 on all of R^%lld\n", "exact", *report.exact,
                          static_cast<long long>(report.dim));
  }
  text += base::printed("%-12s %.3g s on %s\n", "time", report.seconds,
                        arithmetic_text(report.precision).c_str());
  return text;
}

}  // namespace ebm::evaluation
