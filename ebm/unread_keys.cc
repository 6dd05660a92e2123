#include "ebm/unread_keys.h"

#include <algorithm>
#include <string_view>

#include "base/error.h"
#include "ebm/train_defaults.h"
#include "ebm/train_options.h"

namespace ebm {
namespace {

using training::ConfigTable;
using training::KeyOrigin;

bool is_read_by(const ObjectiveEntry& entry, std::string_view key) {
  return std::ranges::any_of(entry.reads, [&](std::string_view read) { return read == key; });
}

bool is_read_by_some(std::string_view key) {
  return std::ranges::any_of(objective_table(),
                             [&](const ObjectiveEntry& entry) { return is_read_by(entry, key); });
}

/// Keys of a part of training that another setting switches off.
struct Part {
  std::vector<std::string_view> keys;
  /// Why a run of an objective that reads the keys leaves them; empty if it does not.
  std::string (*why_left)(const TrainOptions&);
};

const std::vector<Part>& parts() {
  static const std::vector<Part> kAll{
      {{"buffer_capacity", "buffer_storage", "buffer_policy", "restart_probability",
        "augment_probability", "augment_flip", "augment_shift", "augment_colour"},
       [](const TrainOptions& options) -> std::string {
         return options.persistent ? "" : " with persistent = false";
       }},
      {{"augment_probability"},
       [](const TrainOptions& options) -> std::string {
         return options.augment.is_on() ? ""
                                        : " without augment_flip, augment_shift or augment_colour";
       }},
      {{"contrast_start", "guard_energy_gap", "guard_saturation"},
       [](const TrainOptions& options) -> std::string {
         const bool has_contrast =
             options.objective != ObjectiveKind::kEnergyMatching || options.contrast_weight > 0.0;
         return has_contrast ? "" : " with contrast_weight = 0";
       }},
      {{"step_size", "noise_scale", "clamp_energy_grad"},
       [](const TrainOptions& options) -> std::string {
         // Chains of recovery likelihood go at the levels themselves.
         const bool draws_at_levels = options.objective == ObjectiveKind::kRecoveryLikelihood;
         return options.noise_sd_max > 0.0 && !draws_at_levels
                    ? " with levels of noise up to noise_sd_max"
                    : "";
       }},
      {{"data_sd"},
       [](const TrainOptions& options) -> std::string {
         return options.noise_sd_max > 0.0 ? "" : " with noise_sd";
       }},
      {{"label_dropout", "classify_weight", "guidance", "guard_class_gap", "condition_by"},
       [](const TrainOptions& options) -> std::string {
         return options.has_classes() ? "" : " unless condition = class";
       }},
      {{"guidance_start", "guidance_end"},
       [](const TrainOptions& options) -> std::string {
         if (!options.has_classes()) return " unless condition = class";
         return options.guidance == 1.0 ? " with guidance = 1" : "";
       }},
      {{"condition_by"}, [](const TrainOptions& options) -> std::string {
         return options.net.ends_with(".toml") ? ", as " + options.net + " has its own layers" : "";
       }}};
  return kAll;
}

/// Empty for a key that is read.
std::string reason_of(const std::string& key, const TrainOptions& options) {
  const ObjectiveEntry& entry = objective_entry(options.objective);
  if (is_read_by_some(key) && !is_read_by(entry, key)) {
    return std::string(" with objective = ") + entry.name;
  }
  for (const Part& part : parts()) {
    if (std::ranges::find(part.keys, key) == part.keys.end()) continue;
    if (std::string why = part.why_left(options); !why.empty()) return why;
  }
  return "";
}

/// Options of the same objective with nothing else that was chosen.
TrainOptions unchosen(const TrainOptions& options, bool is_image) {
  TrainOptions plain;
  plain.objective = options.objective;
  plain.net = options.net;
  take_defaults(plain, is_image, ConfigTable());
  return plain;
}

const ConfigTable::Key& key_of(const ConfigTable& table, const std::string& name) {
  return *std::ranges::find(table.keys(), name, &ConfigTable::Key::name);
}

}  // namespace

std::vector<UnreadKey> unread_keys(const TrainOptions& options) {
  TrainOptions copy = options;
  std::vector<UnreadKey> unread;
  const ConfigTable table = copy.table();
  for (const ConfigTable::Key& key : table.keys()) {
    const std::string reason = reason_of(key.name, options);
    if (!reason.empty()) unread.push_back({key.name, reason});
  }
  return unread;
}

void refuse_unread_keys(TrainOptions& options, const ConfigTable& table) {
  TrainOptions of_images = unchosen(options, true), of_toys = unchosen(options, false);
  const ConfigTable present = options.table(), images = of_images.table(), toys = of_toys.table();
  for (const UnreadKey& unread : unread_keys(options)) {
    const ConfigTable::Key& key = key_of(present, unread.name);
    const ConfigTable::Key& by_itself = key_of(images, unread.name);
    const KeyOrigin origin = table.origin_of(unread.name);
    if (origin == KeyOrigin::kRun) {
      ConfigTable::copy_value(by_itself, key);
      continue;
    }
    const auto value = ConfigTable::present_value(key);
    const bool is_usual = value == ConfigTable::present_value(by_itself) ||
                          value == ConfigTable::present_value(key_of(toys, unread.name));
    if (is_usual && origin != KeyOrigin::kArgument) continue;
    throw Error(ErrorCode::kUsage, key.name + " = " + ConfigTable::plain_text(key) +
                                       ": must be left out" + unread.reason);
  }
}

}  // namespace ebm
