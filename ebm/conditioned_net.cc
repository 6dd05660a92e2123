#include "ebm/conditioned_net.h"

#include <string>
#include <variant>

#include "base/error.h"
#include "data/class_label.h"
#include "ebm/objectives/objective_table.h"
#include "nets/architecture/presets.h"
#include "nets/architecture/with_classes.h"
#include "nets/architecture/with_noise_level.h"

namespace ebm {
namespace {

/// K of the data, which have labels.
std::int64_t n_classes_of(const data::Dataset& dataset) {
  const std::int64_t n = data::n_classes(dataset);
  if (n > 0) return n;
  throw Error(ErrorCode::kUsage, "condition = class: " + dataset.name + " has no labels");
}

}  // namespace

nets::Architecture conditioned_preset(const TrainOptions& options, const data::Dataset& dataset) {
  nets::Architecture net = nets::preset(
      options.net, {dataset.shape.channels, dataset.shape.height, dataset.shape.width});
  if (options.has_classes()) {
    net = nets::with_classes(std::move(net), n_classes_of(dataset), options.condition_by);
  }
  if (options.needs().noise_level) net = nets::with_noise_level(std::move(net));
  if (options.energy_scale != 1.0) {
    // Of logits: E(x, none) is then −ln Σ exp(−E(x, k)) still.
    const bool has_logits = std::holds_alternative<nets::ClassLogits>(net.layers.back().op);
    net.layers.insert(net.layers.end() - (has_logits ? 1 : 0),
                      nets::Activation{nets::ActivationKind::kScale, options.energy_scale});
  }
  return net;
}

void require_conditions(const nets::Architecture& net, const TrainOptions& options,
                        const data::Dataset& dataset, bool gives_level) {
  const std::string name = "net = " + options.net + ": ";
  if (net.noise_level != gives_level) {
    const std::string objective = objective_entry(options.objective).name;
    throw Error(
        ErrorCode::kUsage,
        name + (net.noise_level
                    ? "reads a noise level, which objective = " + objective + " does not give"
                    : "reads no noise level, which objective = " + objective + " needs"));
  }
  if (!options.has_classes()) {
    if (net.classes == 0) return;
    throw Error(ErrorCode::kUsage, name + "has classes = " + std::to_string(net.classes) +
                                       "; expected condition = class (--set condition=class)");
  }
  const std::int64_t n = n_classes_of(dataset);
  if (net.classes == n) return;
  const std::string found =
      net.classes == 0 ? "has no classes" : "has classes = " + std::to_string(net.classes);
  throw Error(ErrorCode::kUsage, name + found + "; condition = class expects classes = " +
                                     std::to_string(n) + ", as " + dataset.name + " has");
}

}  // namespace ebm
