#pragma once

#include <cstdint>
#include <string>

#include "gan/dirac_path.h"
#include "gan/dirac_system.h"
#include "report/png.h"

namespace ebm::gan {

/// A picture of the path of a system. With dim = 1 the plane of (θ, φ): arrows along the rates, and
/// the path. With dim = 2 two paths in one plane, that of θ and that of φ; with more, their first
/// two coordinates. A ring marks the start and a disc the end; both axes have one scale, with 0 in
/// the middle.
/// @param title  one line above the plot
/// @param side   width and height in pixels
/// @throws Error(kUsage) unless side is from 100 to 10000.
report::PixelImage phase_portrait(const DiracSystem& system, const DiracPath& path,
                                  const std::string& title, std::int64_t side = 800);

}  // namespace ebm::gan
