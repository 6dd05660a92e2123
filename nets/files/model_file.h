#pragma once

#include <filesystem>
#include <string>

#include "nets/files/checkpoint_folder.h"
#include "nets/files/safetensors.h"

namespace ebm::nets {

/// The tensors of any MODEL of the command line: an energy, a GAN, a flow or a classifier.
struct ModelFile {
  SafetensorsFile tensors;
  std::string origin;          ///< the file, for messages
  CheckpointFiles checkpoint;  ///< the files of the checkpoint, if it came from one
};

/// Reads a .safetensors file, a checkpoint folder, or a run folder, which means its newest intact
/// checkpoint.
/// @throws Error(kNoInput), Error(kBadData) naming the file and what is wrong with it.
ModelFile read_model_file(const std::filesystem::path& path, const Warn& warn);

}  // namespace ebm::nets
