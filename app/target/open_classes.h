#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/target/open_target.h"

namespace ebm::app {

/// A model, or several as one, whose class a command chooses.
struct OpenClasses {
  Target target;                ///< classes >= 1; chains have to be given their label
  std::optional<double> level;  ///< of MODEL#level=X

  /// What stands behind the label in the context of a chain.
  std::vector<float> behind_label() const;
};

/// Opens MODEL, MODEL#level=X, or an expression.
/// @param chosen_by  what chooses the class, for messages: "class = all", "ebm classify"
/// @throws Error(kUsage) for a model that has a class already or has no classes, and what
///         open_target() throws
OpenClasses open_classes(const std::string& model, const std::string& chosen_by,
                         const EvaluatedBy& by, const Backends& backends);

}  // namespace ebm::app
