#include "app/logz_report.h"

#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "samplers/simd_target.h"

namespace ebm::app {
namespace {

using samplers::LogZEstimate;
using Sampler = samplers::TransitionOptions::Sampler;

constexpr const char* kForwardBound =
    "stochastic lower bound: above log Z by more than b nats with a chance of at most exp(-b); a "
    "log-likelihood from it is an over-estimate";
constexpr const char* kReverseBound =
    "stochastic upper bound only if the samples are exact draws of the target, else approximate; "
    "from one of several modes it can fall below log Z";

std::string base_text(const samplers::BaseDensity& base) {
  char text[80];
  if (base.box) {
    std::snprintf(text, sizeof text, "uniform on [%g, %g]", base.box->low, base.box->high);
  } else {
    std::snprintf(text, sizeof text, "N(0, %g^2)", base.sd);
  }
  return text;
}

/// JSON has no NaN: null.
nlohmann::json number(double value) {
  return std::isfinite(value) ? nlohmann::json(value) : nlohmann::json(nullptr);
}

nlohmann::json estimate_json(const LogZEstimate& estimate) {
  return {{"n", estimate.n_chains},      {"log_z", number(estimate.log_z)},
          {"se", number(estimate.se)},   {"mean_log_w", number(estimate.mean_log_w)},
          {"ess", number(estimate.ess)}, {"acceptance", number(estimate.acceptance)}};
}

void print_estimate(const char* name, const LogZEstimate& estimate) {
  // One chain has no spread.
  char error[32] = "";
  if (std::isfinite(estimate.se)) std::snprintf(error, sizeof error, " +- %.4f", estimate.se);
  std::printf(
      "%-12s log Z = %.4f%s nats   ESS %.1f of %lld   mean log w %.4f   "
      "acceptance %.3f\n",
      name, estimate.log_z, error, estimate.ess, static_cast<long long>(estimate.n_chains),
      estimate.mean_log_w, estimate.acceptance);
}

}  // namespace

void print_logz_json(const LogZReport& report) {
  const auto& options = report.options;
  const bool is_hmc = options.transitions.sampler == Sampler::kHmc;
  nlohmann::json document = estimate_json(report.forward);
  document["target"] = report.target;
  document["dim"] = report.dim;
  document["temperature"] = options.temperature;
  document["temperatures"] = options.n_temperatures;
  document["schedule"] = report.schedule;
  document["steps"] = options.transitions.n_transitions;
  document["sampler"] = is_hmc ? "hmc" : "mala";
  document["leapfrog"] = is_hmc ? options.transitions.n_leapfrog : 1;
  document["leapfrog_step_sizes"] = report.step_sizes;
  document["base"] = {{"log_z", report.log_z_base}};
  if (options.base.box) {
    document["base"]["box"] = {options.base.box->low, options.base.box->high};
  } else {
    document["base"]["sd"] = options.base.sd;
  }
  document["seed"] = options.seed;
  document["bound"] = kForwardBound;
  document["reverse"] = nullptr;
  document["gap"] = nullptr;
  if (report.reverse) {
    document["reverse"] = estimate_json(*report.reverse);
    document["reverse"]["file"] = report.reverse_file;
    document["reverse"]["bound"] = kReverseBound;
    document["gap"] = number(report.reverse->log_z - report.forward.log_z);
  }
  document["exact_log_z"] = report.exact ? number(*report.exact) : nlohmann::json(nullptr);
  document["seconds"] = report.seconds;
  document["simd"] = samplers::simd_target();
  std::printf("%s\n", document.dump(1).c_str());
}

void print_logz_table(const LogZReport& report) {
  const auto& options = report.options;
  const auto& moves = options.transitions;
  std::printf("%-12s %s, dim %lld: Z = integral of exp(-E/T)%s\n", "target", report.target.c_str(),
              static_cast<long long>(report.dim), options.base.box ? " over the box" : "");
  std::printf(
      "%-12s T = %g%s\n", "temperature", options.temperature,
      report.is_model ? "; image recipes sample far below T = 1, which is another density" : "");
  std::printf("%-12s %s, log Z = %.4f\n", "base", base_text(options.base).c_str(),
              report.log_z_base);
  std::printf("%-12s %lld values of beta (%s), %lld transition%s by ", "path",
              static_cast<long long>(options.n_temperatures), report.schedule.c_str(),
              static_cast<long long>(moves.n_transitions), moves.n_transitions == 1 ? "" : "s");
  if (moves.sampler == Sampler::kHmc) {
    std::printf("HMC of up to %lld leapfrog steps", static_cast<long long>(moves.n_leapfrog));
  } else {
    std::printf("MALA");
  }
  std::printf(" at each, h from %.3g to %.3g\n", report.step_sizes.front(),
              report.step_sizes.back());
  print_estimate("forward", report.forward);
  std::printf("%-12s %s\n", "", kForwardBound);
  if (report.reverse) {
    print_estimate("reverse", *report.reverse);
    std::printf("%-12s %s\n", "", kReverseBound);
    const double gap = report.reverse->log_z - report.forward.log_z;
    std::printf("%-12s %.4f nats from forward to reverse%s\n", "gap", gap,
                gap < 0.0 ? ": below 0, as noise can make it, or samples that miss modes" : "");
  }
  if (report.exact) {
    std::printf("%-12s log Z = %.4f at T = 1 on all of R^%lld\n", "exact", *report.exact,
                static_cast<long long>(report.dim));
  }
  std::printf("%-12s %.3g s on %s\n", "time", report.seconds, samplers::simd_target().c_str());
}

}  // namespace ebm::app
