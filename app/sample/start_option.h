#pragma once

#include <filesystem>
#include <string>

#include "evaluation/chain_starts.h"

namespace ebm::app {

/// Where chains start, as `--init` says: noise, replay, data or FILE.npy.
struct StartOption {
  evaluation::StartKind kind = evaluation::StartKind::kNoise;
  std::filesystem::path file = {};  ///< of kFile
};

/// @throws Error(kUsage) for another text
StartOption start_option(const std::string& text);

}  // namespace ebm::app
