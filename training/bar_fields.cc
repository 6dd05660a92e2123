#include "training/bar_fields.h"

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
    fields.push_back({figure.label, base::printed(figure.format, newest->second)});
  }
  return fields;
}

}  // namespace ebm::training
