#include "app/sample/classes.h"

#include "base/error.h"
#include "evaluation/sampling/walk_of_model.h"

namespace ebm::app {

models::ClassChains open_sampled(const SampleCommand& command, const Backends& backends) {
  models::require_class(command.klass, command.guidance);
  evaluation::require_flow(command.guidance, evaluation::given_sampler(command.sampler));
  if (command.klass.empty()) {
    return models::class_chains(open_target(command.model, command.energy, command.by, backends),
                                "", command.n, {});
  }
  if (!command.energy.empty()) {
    throw Error(ErrorCode::kUsage, "class = " + command.klass + ": is for a MODEL, not for a toy");
  }
  const models::Expression expression = models::parse_model(command.model);
  if (!expression.options.empty() && expression.kind == models::Expression::Kind::kModel) {
    throw Error(ErrorCode::kUsage, "class = " + command.klass + ": '" + command.model +
                                       "' has a condition already; give one of them");
  }
  models::ClassChains chains = models::class_chains(
      open_conditional_target(command.model, command.energy, command.by, backends), command.klass,
      command.n, command.guidance);
  note_terms(command.model, chains.model);
  return chains;
}

}  // namespace ebm::app
