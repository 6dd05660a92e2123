#include "evaluation/classification/class_labels.h"

#include <algorithm>

#include "base/error.h"
#include "base/quote.h"

namespace ebm::evaluation {

std::vector<std::int32_t> labels_for_model(const data::Dataset& dataset, std::int64_t n_classes,
                                           std::span<const std::string> class_names,
                                           const std::string& name) {
  if (dataset.labels.empty()) {
    throw Error(ErrorCode::kBadData, name + ": has no labels, expected a set with classes");
  }
  const bool by_name = !class_names.empty() && !dataset.class_names.empty();
  std::vector<std::int32_t> labels;
  labels.reserve(dataset.labels.size());
  for (const std::int32_t label : dataset.labels) {
    std::int64_t own = label;
    std::string found = std::to_string(label);
    if (by_name) {
      found = dataset.class_names.at(static_cast<std::size_t>(label));
      own = std::ranges::find(class_names, found) - class_names.begin();
    }
    if (own < 0 || own >= n_classes) {
      throw Error(ErrorCode::kBadData,
                  name + ": item " + std::to_string(labels.size()) + " is of class " +
                      base::quote(found, '\'') + ", which is none of the model's " +
                      std::to_string(n_classes) + ": " + class_title(0, class_names) + " to " +
                      class_title(n_classes - 1, class_names));
    }
    labels.push_back(static_cast<std::int32_t>(own));
  }
  return labels;
}

std::string class_title(std::int64_t klass, std::span<const std::string> class_names) {
  const auto i = static_cast<std::size_t>(klass);
  return i < class_names.size() ? class_names[i] : std::to_string(klass);
}

}  // namespace ebm::evaluation
