#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "data/dataset.h"

namespace ebm::data {

/// The label that `klass` of a SPEC stands for. A number that is a label is taken for it, also
/// where classes have numbers as names (a warning says so if the class of that name has another
/// label); all else for a name.
/// @param klass     a number or a name
/// @param set       name of the set, for messages
/// @param names     of the classes, by label; empty if the set names none
/// @param warnings  of the set
/// @throws Error(kBadData) for a name that the set does not have, with the nearest one.
std::int32_t class_label(const std::string& klass, const std::string& set,
                         std::span<const std::string> names, std::vector<std::string>& warnings);

/// How many classes a set has: one more than its largest label, or as many as have a name; 0 for a
/// set without labels.
/// @throws Error(kBadData) for a negative label.
std::int64_t n_classes(const Dataset& dataset);

/// class_label() among the classes of a set.
std::int32_t class_label(const std::string& klass, Dataset& dataset);

}  // namespace ebm::data
