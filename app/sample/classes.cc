#include "app/sample/classes.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/number_text.h"
#include "base/require.h"
#include "base/system/memory_limit.h"
#include "models/condition.h"

namespace ebm::app {

Target open_sampled(const SampleCommand& command, const Backends& backends,
                    SampleClasses& classes) {
  if (command.guidance && command.klass.empty()) {
    throw Error(ErrorCode::kUsage, "guidance = " + base::number_text(*command.guidance) +
                                       ": needs --class, of which it is the strength");
  }
  if (command.klass.empty()) {
    return open_target(command.model, command.energy, command.by, backends);
  }
  if (!command.energy.empty()) {
    throw Error(ErrorCode::kUsage, "class = " + command.klass + ": is for a MODEL, not for a toy");
  }
  const models::Expression expression = models::parse_model(command.model);
  if (!expression.options.empty() && expression.kind == models::Expression::Kind::kModel) {
    throw Error(ErrorCode::kUsage, "class = " + command.klass + ": '" + command.model +
                                       "' has a condition already; give one of them");
  }
  if (expression.kind != models::Expression::Kind::kModel || expression.has_weight) {
    throw Error(ErrorCode::kUsage, "class = " + command.klass +
                                       ": is for one model by itself; in '" + command.model +
                                       "' write MODEL#class=NAME");
  }
  Target target = open_conditional_target(command.model, command.energy, command.by, backends);
  base::require_at_least("n", command.n, 1);
  classes.labels = models::labels_of(target, command.klass);
  const auto n_classes = static_cast<double>(classes.labels.size());
  const std::int64_t dim = target.energy->dim();
  // What plans need at least, in double precision: the product with n may be too large to count.
  base::require_memory({.option = "n",
                        .value = command.n,
                        .what = "states of dim " + std::to_string(dim) + " for each of " +
                                std::to_string(classes.labels.size()) + " classes",
                        .each = n_classes * (20.0 * static_cast<double>(dim) + 28.0)});
  const auto none = static_cast<float>(target.classes);
  if (command.guidance && std::ranges::find(classes.labels, none) != classes.labels.end()) {
    throw Error(ErrorCode::kUsage, "guidance = " + base::number_text(*command.guidance) +
                                       ": changes nothing where --class is none");
  }
  for (const float label : classes.labels) {
    classes.names.push_back(models::class_text(target, label));
  }
  classes.contexts = models::contexts_of(target, classes.labels, command.n);
  return command.guidance ? models::guided(std::move(target), *command.guidance) : target;
}

}  // namespace ebm::app
