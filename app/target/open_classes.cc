#include "app/target/open_classes.h"

#include "base/error.h"
#include "cli/comma_list.h"
#include "models/condition.h"

namespace ebm::app {

std::vector<float> OpenClasses::behind_label() const {
  // Of any class: "none" may be one that the model was not trained for.
  std::vector<float> context = models::context_of(target, {"0", level});
  context.erase(context.begin());
  return context;
}

OpenClasses open_classes(const std::string& model, const std::string& chosen_by,
                         const EvaluatedBy& by, const Backends& backends) {
  const auto refuse = [&](const std::string& why) {
    throw Error(ErrorCode::kUsage, chosen_by + ": " + why);
  };
  const models::Expression expression = models::parse_model(model);
  OpenClasses opened{.target = {}, .level = std::nullopt};
  if (expression.kind != models::Expression::Kind::kModel || expression.has_weight) {
    opened.target = open_conditional_target(model, "", by, backends);
    if (opened.target.classes == 0) {
      refuse("'" + model +
             "' leaves no class open: models with the same classes have to be in it, " +
             "without #class=");
    }
    return opened;
  }
  for (const auto& [key, value] : expression.options) {
    if (key == "class") refuse("'" + model + "' has a class already; give " + expression.name);
    opened.level = cli::number_of("level", value);
  }
  opened.target = open_conditional_target(expression.name, "", by, backends);
  if (opened.target.classes == 0) {
    refuse(expression.name +
           " has no classes; a model gets them by ebm train --set condition=class");
  }
  return opened;
}

}  // namespace ebm::app
