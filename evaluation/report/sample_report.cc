#include "evaluation/report/sample_report.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/number_text.h"
#include "base/printed.h"
#include "evaluation/report/diagnosis_json.h"
#include "evaluation/report/diagnosis_table.h"
#include "evaluation/report/precision_text.h"
#include "evaluation/report/sampler_text.h"
#include "samplers/kernels/target_temperature.h"

namespace ebm::evaluation {
namespace {

using base::printed;

struct Moments {
  double mean = 0.0, sd = 0.0;
};

Moments moments_of(const std::vector<float>& values) {
  Moments m;
  const auto n = static_cast<double>(values.size());
  for (const float v : values) m.mean += v / n;
  for (const float v : values) m.sd += (v - m.mean) * (v - m.mean) / n;
  m.sd = std::sqrt(m.sd);
  return m;
}

double rate_of(const SampleReport& report) {
  return static_cast<double>(report.plan.n * report.plan.steps) / report.walk.seconds;
}

std::string counts_text(const Walk& walk) {
  if (walk.info.chains.empty()) return "";
  const samplers::ChainInfo total = walk.info.total();
  if (total.n_transitions == 0) return "";
  std::string text =
      printed("acceptance %.3f, %.3g gradients a step", total.acceptance(),
              static_cast<double>(total.n_gradients) / static_cast<double>(total.n_transitions));
  if (total.n_divergent > 0) {
    text += printed(", %lld divergent", static_cast<long long>(total.n_divergent));
  }
  if (total.n_non_finite > 0) {
    text += printed(", %lld proposals rejected as not finite",
                    static_cast<long long>(total.n_non_finite));
  }
  return text + "\n";
}

std::string swaps_text(const Walk& walk) {
  if (walk.swap_rates.empty()) return "";
  std::string text = "swaps accepted between neighbouring temperatures:";
  for (const double rate : walk.swap_rates) {
    text += std::isnan(rate) ? " none proposed" : printed(" %.2f", rate);
  }
  return text + "\n";
}

std::string adaptation_text(const SampleReport& report) {
  if (!report.walk.adapted_acceptance) return "";
  std::string text =
      printed("adapted in %lld steps: step_size %g (acceptance %.3f)",
              static_cast<long long>(report.plan.burn_in),
              static_cast<double>(report.settings.step_size), *report.walk.adapted_acceptance);
  const std::vector<float>& mass = report.settings.inverse_mass;
  if (!mass.empty()) {
    text += ", inverse mass";
    constexpr std::size_t kShown = 8;
    for (std::size_t d = 0; d < std::min(kShown, mass.size()); ++d) {
      text += printed(" %.3g", static_cast<double>(mass[d]));
    }
    if (mass.size() > kShown) text += printed(" ... (%zu in all)", mass.size());
  }
  return text + "\n";
}

std::string guidance_text(const samplers::Guidance& guidance) {
  std::string text = printed(" with guidance %g", guidance.weight);
  if (guidance.start > 0.0) text += printed(" from time %g", guidance.start);
  if (guidance.end) text += printed(" until time %g", *guidance.end);
  return text;
}

void add_guidance(const samplers::Guidance& guidance, nlohmann::json& document) {
  document["guidance"] = guidance.weight;
  if (guidance.start > 0.0) document["guidance_start"] = guidance.start;
  if (guidance.end) document["guidance_end"] = *guidance.end;
}

}  // namespace

std::string sample_text(const SampleReport& report) {
  const Moments energy = moments_of(report.walk.energies);
  std::string text = adaptation_text(report);
  text += printed("%lld samples", static_cast<long long>(report.plan.n));
  if (report.classes.size() == 1) text += printed(" of class %s", report.classes.front());
  if (report.classes.size() > 1) text += printed(" of %zu classes", report.classes.size());
  if (report.guidance) text += guidance_text(*report.guidance);
  if (!report.out.empty()) text += printed(" in %s", report.out);
  text += printed(": %lld steps", static_cast<long long>(report.plan.steps));
  if (report.plan.burn_in > 0) {
    text += printed(" after %lld of burn-in", static_cast<long long>(report.plan.burn_in));
  }
  text += " of " + settings_text(report.settings);
  text += printed(", energy %.4g +- %.3g, %.3g chain-steps/s on ", energy.mean, energy.sd,
                  rate_of(report));
  text += arithmetic_text(report.precision) + "\n";
  text += counts_text(report.walk) + swaps_text(report.walk);
  if (!report.plan.trace.empty()) {
    text += printed("%lld draws of every chain in %s\n",
                    static_cast<long long>(report.walk.n_draws), report.plan.trace.string());
  }
  if (!report.plan.energy_trace.empty()) {
    text += printed("their energies in %s\n", report.plan.energy_trace.string());
  }
  if (report.diagnosis) text += "\n" + diagnosis_table(*report.diagnosis);
  return text;
}

nlohmann::json sample_json(const SampleReport& report) {
  const Moments energy = moments_of(report.walk.energies);
  const samplers::SamplerSettings& s = report.settings;
  nlohmann::json document{{"n", report.plan.n},
                          {"sampler", samplers::sampler_name(s.sampler)},
                          {"steps", report.plan.steps},
                          {"burn_in", report.plan.burn_in},
                          {"thinning", report.plan.thinning},
                          {"step_size", base::plain_double(s.step_size)},
                          {"energy", {{"mean", energy.mean}, {"sd", energy.sd}}},
                          {"seconds", report.walk.seconds},
                          {"chain_steps_per_s", rate_of(report)}};
  add_arithmetic(report.precision, document);
  if (!report.classes.empty()) {
    document["classes"] = report.classes;
    document["n_per_class"] = report.plan.n / static_cast<std::int64_t>(report.classes.size());
  }
  if (report.guidance) add_guidance(*report.guidance, document);
  if (!report.out.empty()) document["out"] = report.out;
  if (s.inner) document["inner"] = samplers::sampler_name(*s.inner);
  if (samplers::has_temperature(s.sampler))
    document["temperature"] = base::plain_double(samplers::target_temperature(s));
  const bool is_flow = s.sampler == samplers::SamplerKind::kGradientFlow;
  if (is_langevin(s) || is_flow) document["noise_scale"] = base::plain_double(noise_scale_of(s));
  if (is_flow) document["flow_time"] = base::plain_double(s.flow_time);
  if (samplers::has_levels(s.sampler)) {
    document["level_max"] = base::plain_double(s.levels.highest);
    document["level_min"] = base::plain_double(s.levels.lowest);
  }
  if (samplers::has_level_count(s.sampler)) document["levels"] = s.n_levels;
  if (!report.walk.info.chains.empty()) {
    const samplers::ChainInfo total = report.walk.info.total();
    if (total.n_transitions > 0) document["acceptance"] = total.acceptance();
    document["gradients"] = total.n_gradients;
    document["divergent"] = total.n_divergent;
    document["non_finite"] = total.n_non_finite;
  }
  if (!report.walk.swap_rates.empty()) document["swap_rates"] = report.walk.swap_rates;
  if (report.walk.adapted_acceptance) {
    document["adapted"] = {{"sampler", samplers::sampler_name(s.sampler)},
                           {"step_size", base::plain_double(s.step_size)},
                           {"inverse_mass", base::plain_doubles(s.inverse_mass)}};
    document["adapted"]["acceptance"] = *report.walk.adapted_acceptance;
  }
  if (!report.plan.trace.empty()) {
    document["trace"] = {{"file", report.plan.trace.string()}, {"draws", report.walk.n_draws}};
  }
  if (!report.plan.energy_trace.empty()) {
    document["energy_trace"] = report.plan.energy_trace.string();
  }
  if (report.diagnosis) document["diagnostics"] = diagnosis_json(*report.diagnosis);
  return document;
}

}  // namespace ebm::evaluation
