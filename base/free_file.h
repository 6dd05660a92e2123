#pragma once

#include <string>

namespace ebm::base {

// Files that nobody named: STEM.png, or the first of STEM-2.png, STEM-3.png, ... that does not
// exist.

/// Makes an empty file under the first free name, so that nothing is overwritten, even if another
/// program makes files here too.
/// @param ending  ".png"
/// @return its name
/// @throws Error(kIo)
std::string make_free_file(const std::string& stem, const std::string& ending);

/// Whether make_free_file() will be able to make one.
/// @throws Error(kIo) if not
void require_free_file(const std::string& stem, const std::string& ending);

}  // namespace ebm::base
