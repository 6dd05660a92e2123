#pragma once

#include <string>
#include <vector>

#include "app/restore/options.h"
#include "evaluation/restoration/observations.h"
#include "evaluation/restoration/restoration_starts.h"
#include "evaluation/restoration/restore.h"

namespace ebm::app {

/// What a command line says was seen, and of what.
struct SeenImages {
  std::vector<float> y;      ///< [n_images, A.output_dim()]
  std::vector<float> truth;  ///< [n_images, dim], or empty
};

/// Whether --out is a picture.
bool is_picture(const RestoreCommand& command);

/// Checks files and options that need no data.
/// @throws Error(kUsage) for an energy of points and options that do not fit; Error(kIo) if a file
///         cannot be written
void require_restorable(const RestoreCommand& command, const Target& target);

/// @throws Error(kUsage) for another --init
evaluation::RestorationStart restoration_start(const RestoreCommand& command);

evaluation::RestorationOptions restoration_options(const RestoreCommand& command,
                                                   const Target& target);

/// Reads or simulates the observations.
/// @throws Error(kShape) for another number of true images; what reading throws
SeenImages read_seen_images(const RestoreCommand& command,
                            const evaluation::ObservationOperator& observed,
                            const data::ItemShape& shape);

/// @throws Error(kUsage) if the chains would not fit in memory
void require_fits(const evaluation::RestorationOptions& options,
                  const evaluation::ObservationOperator& observed, const SeenImages& seen);

/// A line where steps are too long for the observation.
std::vector<std::string> restoration_warnings(const evaluation::ObservationOperator& observed,
                                              const evaluation::RestorationOptions& options,
                                              const samplers::SamplerSettings& settings);

}  // namespace ebm::app
