#pragma once

#include "app/restore/options.h"
#include "evaluation/restoration/seen_images.h"

namespace ebm::app {

/// Whether --out is a picture.
bool is_picture(const RestoreCommand& command);

/// Checks files and options that need no data.
/// @throws Error(kUsage) for an energy of points and options that do not fit; Error(kIo) if a file
///         cannot be written
void require_restorable(const RestoreCommand& command, const Target& target);

/// Where the observations come from.
evaluation::SeenImagesOptions seen_images_options(const RestoreCommand& command);

}  // namespace ebm::app
