#include "training/bar_fields.h"

#include <cmath>
#include <string_view>
#include <variant>

#include "base/printed.h"

namespace ebm::training {
namespace {

enum class Runs { kAll, kWithGap, kWithoutGap };

struct BarFigure {
  const char* name;
  const char* label;
  const char* format;
  Runs runs = Runs::kAll;  ///< that show it
};
constexpr BarFigure kBarFigures[] = {{"iterations_per_s", "it/s", "%.3g"},
                                     {"energy_gap", "gap", "%+.3f"},
                                     {"loss", "loss", "%.4g", Runs::kWithoutGap},
                                     {"bits_per_dim", "bits/dim", "%.3f"},
                                     {"grad_norm", "|g|", "%.3g"},
                                     {"energy_data", "E+", "%.3f"},
                                     {"energy_samples", "E-", "%.3f"},
                                     {"images_per_s", "images/s", "%.0f"},
                                     {"chain_steps_per_s", "chain-steps/s", "%.0f"},
                                     {"learning_rate", "lr", "%.2e"},
                                     {"buffer_age", "age", "%.0f", Runs::kWithGap}};

/// Three decimals of 1e27 would be a line of digits.
std::string shown(const char* format, double value) {
  constexpr double kWide = 1e6;
  const bool has_decimals = std::string_view(format).ends_with(".3f");
  return base::printed(has_decimals && std::abs(value) >= kWide ? "%.4g" : format, value);
}

}  // namespace

void BarFields::take(const std::vector<Figure>& figures) {
  for (const Figure& figure : figures) {
    if (std::string_view(figure.name) == "energy_gap") has_gap_ = true;
    if (const auto* value = std::get_if<double>(&figure.value)) newest_[figure.name] = *value;
  }
}

std::vector<report::ProgressField> BarFields::fields() const {
  std::vector<report::ProgressField> fields;
  for (const BarFigure& figure : kBarFigures) {
    const bool is_shown = figure.runs == Runs::kAll || (figure.runs == Runs::kWithGap) == has_gap_;
    const auto newest = newest_.find(figure.name);
    if (!is_shown || newest == newest_.end()) continue;
    fields.push_back({figure.label, shown(figure.format, newest->second)});
  }
  return fields;
}

}  // namespace ebm::training
