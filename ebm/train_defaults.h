#pragma once

#include "training/config_table.h"

namespace ebm {

struct TrainOptions;

/// Sets the keys that have another default with the data, the objective or the base measure of the
/// options, unless the table has set them.
void take_defaults(TrainOptions& options, bool is_image, const training::ConfigTable& table);

/// Notes those defaults for the help.
void note_defaults(training::ConfigTable& table);

}  // namespace ebm
