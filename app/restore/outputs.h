#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "app/restore/options.h"
#include "app/restore/plan.h"
#include "evaluation/restoration/baselines.h"
#include "evaluation/restoration/restore.h"

namespace ebm::app {

/// Writes the files of --out, --mean and --spread.
/// @return what the columns of a picture are; none for an array
/// @throws Error(kIo)
std::vector<std::string> write_restoration(const RestoreCommand& command,
                                           const evaluation::ObservationOperator& observed,
                                           const evaluation::SeenImages& seen,
                                           const evaluation::Restoration& restored,
                                           const std::vector<evaluation::Reconstruction>& others,
                                           const data::ItemShape& shape);

/// Beside a picture RUN/restore.png or RUN/restore-NAME.png in the folder of a run, the document
/// for its page, and the picture for TensorBoard. Does nothing for other files.
/// @throws Error(kIo)
void add_to_run(const RestoreCommand& command, const nlohmann::json& document);

}  // namespace ebm::app
