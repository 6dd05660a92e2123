#include "evaluation/report/density_text.h"

#include <nlohmann/json.hpp>

#include "base/names/choice.h"
#include "base/number_text.h"
#include "base/printed.h"

namespace ebm::evaluation {
namespace {

using base::printed;

std::string line_of(const char* name, const MeanDensity& found, const std::string& how) {
  std::string text = printed("%-12s ln p = %.4f +- %.4f nats", name, found.log_p, found.se);
  if (found.bits_per_dim) text += printed("   bits/dim %.4f", *found.bits_per_dim);
  return text + "   " + how + "\n";
}

nlohmann::json mean_density_json(const MeanDensity& found) {
  nlohmann::json document{{"log_p", found.log_p}, {"se", found.se}, {"bits_per_dim", nullptr}};
  if (found.bits_per_dim) document["bits_per_dim"] = *found.bits_per_dim;
  return document;
}

nlohmann::json log_z_summary(const samplers::LogZEstimate& found) {
  return {{"n", found.n_chains}, {"log_z", found.log_z}, {"se", found.se}, {"ess", found.ess}};
}

}  // namespace

nlohmann::json density_json(const DensityComparison& found) {
  nlohmann::json document{{"n", found.n},
                          {"level_min", base::plain_double(found.levels.lowest)},
                          {"level_max", base::plain_double(found.levels.highest)},
                          {"log_z", log_z_summary(found.log_z)},
                          {"energy", nullptr},
                          {"flow", mean_density_json(found.by_flow)},
                          {"annealed", mean_density_json(found.annealed)}};
  if (found.by_energy) document["energy"] = mean_density_json(*found.by_energy);
  document["flow"]["steps"] = found.n_steps;
  document["flow"]["probes"] = found.n_probes;
  document["annealed"]["log_z"] = log_z_summary(found.annealed_log_z);
  return document;
}

std::string density_text(const DensityComparison& found) {
  std::string text =
      printed("Density at noise of %g, of %lld %stest images\n", double{found.levels.lowest},
              static_cast<long long>(found.n), found.by_flow.bits_per_dim ? "dequantised " : "");
  text += printed("%-12s log Z = %.4f +- %.4f nats at noise of %g, by %lld chains\n", "normaliser",
                  found.log_z.log_z, found.log_z.se, double{found.levels.highest},
                  static_cast<long long>(found.log_z.n_chains));
  if (found.by_energy) {
    text += line_of("by energy", *found.by_energy, "-E - log Z, the same log Z at every level");
  }
  const std::string probes = found.n_probes == 0
                                 ? "all unit vectors"
                                 : printed("%lld probes", static_cast<long long>(found.n_probes));
  text += line_of(
      "by flow", found.by_flow,
      printed("%lld steps, divergence by ", static_cast<long long>(found.n_steps)) + probes);
  return text + line_of("annealed", found.annealed,
                        printed("log Z = %.4f +- %.4f at noise of %g, through the levels",
                                found.annealed_log_z.log_z, found.annealed_log_z.se,
                                double{found.levels.lowest}));
}

void add_density(const DensityScores& found, nlohmann::json& document) {
  document.update(mean_density_json(found.mean));
  document["density"] = base::name_of("density", kDensityMethods, found.method);
  document["log_z"] = log_z_summary(found.log_z);
}

std::string density_scores_text(const DensityScores& found) {
  return line_of("mean", found.mean,
                 printed("log Z = %.4f +- %.4f at the %s level", found.log_z.log_z, found.log_z.se,
                         found.method == DensityMethod::kAnnealed ? "lowest" : "highest"));
}

}  // namespace ebm::evaluation
