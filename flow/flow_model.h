#pragma once

#include <filesystem>
#include <string>

#include "flow/residual_flow.h"
#include "nets/checkpoint_folder.h"
#include "nets/safetensors.h"

namespace ebm::flow {

/// The model as one safetensors file: the tensors, the architecture as TOML text in the metadata.
/// @param data  SPEC of the data it learnt
nets::SafetensorsFile flow_file(const ResidualFlow& flow, const std::string& data);

/// Takes such a file apart. @throws Error(kBadData) naming what it lacks, and as ResidualFlow.
ResidualFlow flow_of(const nets::SafetensorsFile& file, const std::string& origin);

/// Reads a MODEL of the command line: a .safetensors file, a checkpoint folder, or a run folder.
/// @throws Error(kNoInput), Error(kBadData) naming the file and what is wrong with it.
ResidualFlow read_flow(const std::filesystem::path& path, const nets::Warn& warn);

}  // namespace ebm::flow
