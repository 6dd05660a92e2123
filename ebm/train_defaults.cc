#include "ebm/objective_defaults.h"

#include <string>
#include <variant>

#include "ebm/train_options.h"

namespace ebm {

void take_objective_defaults(TrainOptions& options, bool is_image,
                             const training::ConfigTable& table) {
  for (const ObjectiveEntry::Default& each : objective_entry(options.objective).defaults) {
    if (table.is_set(each.name)) continue;
    if (each.of_image_presets && (!is_image || options.net.ends_with(".toml"))) continue;
    const auto take = [&]<class Value>(Value TrainOptions::*member) {
      options.*member = static_cast<Value>(each.value);
    };
    std::visit(take, each.member);
  }
}

void note_objective_defaults(training::ConfigTable& table) {
  for (const ObjectiveEntry& entry : objective_table()) {
    for (const ObjectiveEntry::Default& each : entry.defaults) {
      const auto note = [&]<class Value>(Value TrainOptions::*) {
        table.note_other_default(each.name, entry.name, static_cast<Value>(each.value));
      };
      std::visit(note, each.member);
    }
  }
}

}  // namespace ebm
