#pragma once

#include <string>

#include "flow/residual_flow.h"
#include "nets/files/safetensors.h"

namespace ebm::flow {

/// The model as one safetensors file: the tensors, the architecture as TOML text in the metadata.
/// @param data  SPEC of the data it learnt
nets::SafetensorsFile flow_file(const ResidualFlow& flow, const std::string& data);

/// The architecture in such a file. @throws Error(kBadData) naming what it lacks.
FlowArchitecture flow_architecture_of(const nets::SafetensorsFile& file, const std::string& origin);

/// Takes such a file apart. @throws Error(kBadData) naming what it lacks, and as ResidualFlow.
ResidualFlow flow_of(const nets::SafetensorsFile& file, const std::string& origin);

}  // namespace ebm::flow
