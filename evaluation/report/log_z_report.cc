#include "evaluation/report/log_z_report.h"

#include <nlohmann/json.hpp>

#include "base/names/choice.h"
#include "base/number_text.h"
#include "base/printed.h"
#include "evaluation/report/precision_text.h"

namespace ebm::evaluation {
namespace {

using Sampler = samplers::TransitionOptions::Sampler;
using ByBeta = samplers::AnnealedImportanceOptions;
using ByNoise = samplers::DiffusionAnnealingOptions;

std::string base_text(const ByBeta& path) {
  const samplers::BaseDensity& base = path.base;
  return base.box ? base::printed("uniform on [%g, %g]", base.box->low, base.box->high)
                  : base::printed("N(0, %g^2)", base.sd);
}
std::string base_text(const ByNoise& path) { return base::printed("N(0, %g^2)", path.base_sd); }

const char* schedule_name(const ByBeta& path) {
  return base::name_of("schedule", samplers::kBetaShapes, path.schedule);
}

void add_path(const ByBeta& path, const LogZReport& report, nlohmann::json& document) {
  const samplers::TransitionOptions& moves = path.transitions;
  document["path"] = "beta";
  document["temperature"] = base::plain_double(path.temperature);
  document["temperatures"] = path.n_temperatures;
  document["schedule"] = schedule_name(path);
  document["steps"] = moves.n_transitions;
  document["sampler"] = base::name_of("sampler", samplers::kTransitionSamplers, moves.sampler);
  document["leapfrog"] = moves.sampler == Sampler::kHmc ? moves.n_leapfrog : 1;
  document["leapfrog_step_sizes"] = base::plain_doubles(report.step_sizes);
  if (path.base.box) {
    document["base"]["box"] = {base::plain_double(path.base.box->low),
                               base::plain_double(path.base.box->high)};
  } else {
    document["base"]["sd"] = base::plain_double(path.base.sd);
  }
}

void add_path(const ByNoise& path, const LogZReport&, nlohmann::json& document) {
  document["path"] = "noise";
  document["temperature"] = 1.0f;
  document["levels"] = path.n_levels;
  document["level_max"] = base::plain_double(path.levels.highest);
  document["level_min"] = base::plain_double(path.levels.lowest);
  document["base"]["sd"] = base::plain_double(path.base_sd);
}

std::string target_text(const ByBeta& path, const LogZReport& report) {
  return base::printed("Z = integral of exp(-E/T)%s\n", path.base.box ? " over the box" : "") +
         base::printed("%-12s T = %g%s\n", "temperature", path.temperature,
                       report.is_model ? "; models of images are sampled far below T = 1, which is "
                                         "another density"
                                       : "");
}
std::string target_text(const ByNoise&, const LogZReport&) {
  return base::printed("Z = integral of exp(-E/T)\n%-12s T = 1\n", "temperature");
}

std::string path_text(const ByBeta& path, const LogZReport& report) {
  const samplers::TransitionOptions& moves = path.transitions;
  std::string text = base::printed("%-12s %lld values of beta (%s), %lld transition%s by ", "path",
                                   static_cast<long long>(path.n_temperatures), schedule_name(path),
                                   static_cast<long long>(moves.n_transitions),
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
std::string path_text(const ByNoise& path, const LogZReport&) {
  return base::printed(
      "%-12s %lld levels of noise from %g to %g, with steps of the diffusion between them\n",
      "path", static_cast<long long>(path.n_levels), double{path.levels.highest},
      double{path.levels.lowest});
}

}  // namespace

nlohmann::json log_z_report_json(const LogZReport& report) {
  nlohmann::json document = log_z_json(report.estimates);
  document["target"] = report.target;
  document["dim"] = report.dim;
  document["base"] = {{"log_z", report.log_z_base}};
  std::visit(
      [&](const auto& path) {
        add_path(path, report, document);
        document["seed"] = path.seed;
      },
      report.path);
  if (report.estimates.reverse) document["reverse"]["file"] = report.reverse_file;
  document["exact_log_z"] = report.exact ? nlohmann::json(*report.exact) : nlohmann::json(nullptr);
  document["seconds"] = report.seconds;
  add_arithmetic(report.precision, document);
  return document;
}

std::string log_z_report_text(const LogZReport& report) {
  std::string text = base::printed("%-12s %s, dim %lld: ", "target", report.target,
                                   static_cast<long long>(report.dim));
  std::visit(
      [&](const auto& path) {
        text += target_text(path, report);
        text +=
            base::printed("%-12s %s, log Z = %.4f\n", "base", base_text(path), report.log_z_base);
        text += path_text(path, report);
      },
      report.path);
  text += log_z_text(report.estimates);
  if (report.exact) {
    text += base::printed("%-12s log Z = %.4f at T = 1 on all of R^%lld\n", "exact", *report.exact,
                          static_cast<long long>(report.dim));
  }
  text += base::printed("%-12s %.3g s on %s\n", "time", report.seconds,
                        arithmetic_text(report.precision));
  return text;
}

}  // namespace ebm::evaluation
