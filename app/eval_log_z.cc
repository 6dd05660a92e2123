#include "app/eval_log_z.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <numbers>
#include <numeric>
#include <span>
#include <utility>

#include "app/eval_energies.h"
#include "app/logz_run.h"
#include "data/bits_per_dim.h"

namespace ebm::app {
namespace {

std::optional<double> mean_energy(const samplers::Energy& energy, const std::vector<float>& test,
                                  const EvalLogZOptions& options) {
  if (test.empty()) return std::nullopt;
  const auto n = static_cast<std::int64_t>(test.size()) / energy.dim();
  const auto energies =
      energies_of(energy, {"dequantised test images", n, test}, options.n_threads);
  const double sum = std::accumulate(energies.begin(), energies.end(), 0.0);
  return sum / static_cast<double>(n) / options.temperature;
}

nlohmann::json number_or_null(const std::optional<double>& value) {
  return value ? nlohmann::json(*value) : nlohmann::json(nullptr);
}

/// A line about the bits that one direction comes to.
std::string bits_text(const char* name, const EvaluatedLogZ& found,
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

std::optional<double> EvaluatedLogZ::bits_per_dim(const samplers::LogZEstimate& estimate) const {
  if (!mean_energy) return std::nullopt;
  return data::bits_per_dim(*mean_energy, estimate.log_z, dim);
}

EvalLogZRun evaluate_log_z(const std::shared_ptr<const samplers::Energy>& energy,
                           const std::vector<float>& test, const ReverseStarts& starts,
                           const EvalLogZOptions& options) {
  EvalLogZRun out;
  out.found = {.dim = energy->dim(),
               .temperature = options.temperature,
               .n_temperatures = options.n_temperatures,
               .reverse_from = starts.name,
               .mean_energy = mean_energy(*energy, test, options)};
  const auto most = static_cast<std::size_t>(EvalLogZOptions::kChains * energy->dim());
  const std::span<const float> rows(starts.rows);
  LogZRun run = run_logz(energy,
                         {.base = {.box = options.box},
                          .temperature = static_cast<float>(options.temperature),
                          .n_temperatures = options.n_temperatures,
                          .schedule = samplers::beta_shape(EvalLogZOptions::kSchedule),
                          .seed = options.seed,
                          .n_threads = options.n_threads},
                         EvalLogZOptions::kChains, rows.first(std::min(rows.size(), most)));
  out.stopped_by = run.stopped_by;
  out.found.estimates = std::move(run.estimates);
  return out;
}

nlohmann::json eval_log_z_json(const EvaluatedLogZ& found) {
  nlohmann::json document = logz_json(found.estimates);
  document["temperature"] = found.temperature;
  document["temperatures"] = found.n_temperatures;
  document["schedule"] = EvalLogZOptions::kSchedule;
  document["mean_energy"] = number_or_null(found.mean_energy);
  document["bits_per_dim"] = number_or_null(found.bits_per_dim(found.estimates.forward));
  if (const auto& reverse = found.estimates.reverse) {
    document["reverse"]["from"] = found.reverse_from;
    document["reverse"]["bits_per_dim"] = number_or_null(found.bits_per_dim(*reverse));
  }
  return document;
}

std::string eval_log_z_text(const EvaluatedLogZ& found) {
  char line[320];
  std::snprintf(line, sizeof line,
                "log Z of exp(-E/T) at T = %.3g by %lld values of beta (%s), in reverse from %s\n",
                found.temperature, static_cast<long long>(found.n_temperatures),
                EvalLogZOptions::kSchedule, found.reverse_from.c_str());
  std::string text = line + logz_text(found.estimates);
  if (!found.mean_energy) {
    return text + "bits/dim     none: the data are floats, which have no grey levels to count\n";
  }
  text += bits_text("bits/dim", found, found.estimates.forward,
                    "by the forward run: too low by as much as its log Z is");
  if (!found.estimates.reverse) return text;
  return text + bits_text("", found, *found.estimates.reverse, "by the reverse run, approximate");
}

}  // namespace ebm::app
