#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "nets/architecture/architecture.h"

namespace ebm::nets {

/// The tensors of a file, by name.
using TensorShapes = std::map<std::string, std::vector<std::int64_t>>;

/// A layer of the file and the layer of the network that it is: {"conv1", "0"}.
using Rename = std::pair<std::string, std::string>;

/// Which tensor of a file of PyTorch is which parameter of a network.
struct NameMatch {
  std::map<std::string, std::string> names;  ///< by the parameter's name: that in the file
  std::string rule;                          ///< how they were matched
  bool by_shape = false;                     ///< step 4, which a person should check
};

/// Matches the tensors of a state_dict with parameters(). In this order:
///   1. `renames`: a name FROM or one that begins with "FROM." begins with TO instead.
///   2. Tensors that PyTorch saves and nothing needs (num_batches_tracked) are left out;
///      weight_orig, weight_u and weight_v of torch.nn.utils.spectral_norm, and weight_g and
///      weight_v of torch.nn.utils.weight_norm, are named as the parametrizations name them.
///   3. If all names are then those of the parameters, possibly behind a common prefix
///      ("net.0.weight"), they are matched by name.
///   4. Else layers are matched by the names and shapes of what they hold. Layers that are alike in
///      that are matched in the order of the numbers in their names, if their names differ in
///      numbers only ("conv2", "conv3").
/// @param origin  names the file in messages
/// @throws Error(kBadData) in one line with what is missing, unexpected or of another shape once
///         all that fits is set aside, or with the layers that cannot be told apart.
NameMatch match_tensor_names(const Architecture& architecture, const TensorShapes& given,
                             const std::vector<Rename>& renames, const std::string& origin);

}  // namespace ebm::nets
