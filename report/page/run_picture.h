#pragma once

#include <filesystem>
#include <string_view>

namespace ebm::report {

/// Shows a picture in TensorBoard beside the curves of a run, at its newest iteration: writes an
/// event file into the folder. Does nothing if that is no run folder, without metrics.csv.
/// @param name  the tag
/// @param png   a picture as a PNG file of 8 bits a channel
/// @return whether it was written
/// @throws Error(kBadData) if it is no PNG or metrics.csv is damaged, Error(kIo)
bool add_run_picture(const std::filesystem::path& folder, std::string_view name,
                     std::string_view png);

}  // namespace ebm::report
