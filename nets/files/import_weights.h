#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "nets/architecture/architecture.h"
#include "nets/files/input_scale.h"
#include "nets/files/safetensors.h"
#include "nets/files/tensor_names.h"

namespace ebm::nets {

struct ImportOptions {
  std::vector<Rename> renames = {};  ///< see match_tensor_names()
  InputScale input = {};
  bool negate = false;  ///< the network gives −E, a score that is high for data
};

/// Weights of PyTorch as those of an energy of this program.
struct ImportedWeights {
  Architecture architecture;  ///< with a first layer for the scale of the input, if there is one
  SafetensorsFile weights;    ///< float32, by the names of parameters(architecture); no metadata
  NameMatch match;            ///< with the names of the network that was given
  std::map<DType, std::int64_t> converted;  ///< tensors that were not float32, by their type
};

/// Reads a state_dict that PyTorch saved as safetensors.
/// @throws Error(kBadData) that says how to save weights, for a file of torch.save; what
///         read_safetensors() throws
SafetensorsFile read_state_dict(const std::filesystem::path& path);

/// Takes the weights of `architecture` from a file of PyTorch's state_dict. A scale of the input
/// becomes a first convolution of 1x1: padding then adds what it added when the network was
/// trained.
/// @param origin  names the file in messages
/// @throws Error(kBadData) as match_tensor_names() and to_float32(); Error(kUsage) for a scale that
///         does not fit the input, and for `negate` if the last layer has no weight.
ImportedWeights import_weights(const Architecture& architecture, const SafetensorsFile& file,
                               const ImportOptions& options, const std::string& origin);

}  // namespace ebm::nets
