#include "evaluation/report/log_z_bounds_text.h"

#include <nlohmann/json.hpp>
#include <numbers>

#include "base/names/choice.h"
#include "base/number_text.h"
#include "base/printed.h"
#include "evaluation/report/log_z_text.h"

namespace ebm::evaluation {
namespace {

using base::printed;

const char* schedule_name() {
  return base::name_of("schedule", samplers::kBetaShapes, LogZBoundsOptions::kSchedule);
}

nlohmann::json number_or_null(const std::optional<double>& value) {
  return value ? nlohmann::json(*value) : nlohmann::json(nullptr);
}

/// A line about the bits per dimension from one direction.
std::string bits_text(const char* name, const LogZBounds& found,
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

nlohmann::json log_z_bounds_json(const LogZBounds& found) {
  nlohmann::json document = log_z_json(found.estimates);
  document["temperature"] = base::plain_double(static_cast<float>(found.temperature));
  document["temperatures"] = found.n_temperatures;
  document["schedule"] = schedule_name();
  document["mean_energy"] = number_or_null(found.mean_energy);
  document["bits_per_dim"] = number_or_null(found.bits_per_dim(found.estimates.forward));
  if (const auto& reverse = found.estimates.reverse) {
    document["reverse"]["from"] = found.reverse_from;
    document["reverse"]["bits_per_dim"] = number_or_null(found.bits_per_dim(*reverse));
  }
  return document;
}

std::string log_z_bounds_text(const LogZBounds& found) {
  const std::string text =
      printed("log Z of exp(-E/T) at T = %.3g by %lld values of beta (%s), in reverse from %s\n",
              found.temperature, static_cast<long long>(found.n_temperatures), schedule_name(),
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

}  // namespace ebm::evaluation
