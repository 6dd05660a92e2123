#pragma once

#include "training/config_table.h"

namespace ebm {

struct TrainOptions;

/// Sets the other defaults of the objective of the options, unless they were set.
void take_objective_defaults(TrainOptions& options, bool is_image,
                             const training::ConfigTable& table);

/// Notes the defaults of single objectives, for the help.
void note_objective_defaults(training::ConfigTable& table);

}  // namespace ebm
