#pragma once

#include <filesystem>
#include <string>

#include "nets/architecture/architecture.h"
#include "nets/files/checkpoint_folder.h"
#include "nets/files/safetensors.h"

namespace ebm::gan {

/// A generator and its critic.
struct GanModel {
  nets::Architecture generator, critic;
  nets::SafetensorsFile generator_weights, critic_weights;  ///< tensors by PyTorch's names
  std::string data;                                         ///< SPEC of the data it learnt
  std::string origin;                                       ///< the file, for messages
};

/// The model as one safetensors file: tensors generator.NAME and critic.NAME, the architectures as
/// TOML text in the metadata.
nets::SafetensorsFile gan_file(const GanModel& model);

/// Takes such a file apart. @throws Error(kBadData) naming what it lacks.
GanModel gan_model_of(nets::SafetensorsFile file, const std::string& origin);

/// Reads a MODEL of the command line: a .safetensors file, a checkpoint folder, or a run folder.
/// @throws Error(kNoInput), Error(kBadData) naming the file and what is wrong with it.
GanModel read_gan_model(const std::filesystem::path& path, const nets::Warn& warn);

}  // namespace ebm::gan
