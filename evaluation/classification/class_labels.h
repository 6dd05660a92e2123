#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "data/dataset.h"

namespace ebm::evaluation {

/// The labels of a data set as labels of a model. Where both name their classes, a class is found
/// by its name; else a label stays as it is.
/// @param n_classes    of the model
/// @param class_names  of the model, [n_classes], or empty
/// @param name         of the data, for messages
/// @throws Error(kBadData) if the set has no labels, or naming the first label that is no class of
///         the model
std::vector<std::int32_t> labels_for_model(const data::Dataset& dataset, std::int64_t n_classes,
                                           std::span<const std::string> class_names,
                                           const std::string& name);

/// What a class is called: its name if there is one, else its label.
std::string class_title(std::int64_t klass, std::span<const std::string> class_names);

}  // namespace ebm::evaluation
