#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "nets/architecture/architecture.h"
#include "nets/files/tensor_names.h"

namespace ebm::nets {

/// A tensor of the file: its name there, and its name by the rules of match_tensor_names().
struct GivenTensor {
  std::string name;
  std::vector<std::int64_t> shape;
};
using GivenTensors = std::map<std::string, GivenTensor>;

/// The tensors of one layer, by the ends of their names: "weight", "bias".
using LayerSignature = std::map<std::string, std::vector<std::int64_t>>;
/// Layers by what they hold.
using LayersBySignature = std::map<LayerSignature, std::vector<std::string>>;

/// The name of a tensor of a layer: {"2.body", "bias"} -> "2.body.bias", {"", "bias"} -> "bias".
std::string tensor_in(const std::string& layer, const std::string& end);

/// The layers of a network, those that are alike in its order.
LayersBySignature layers_of_network(const std::vector<Parameter>& parameters);
/// The layers that the names of the file's tensors make.
/// @param parameters  of the network, whose films and projections hold several modules
LayersBySignature layers_of_file(const std::vector<Parameter>& parameters,
                                 const GivenTensors& tensors);

/// The name for a message: short and on one line, whatever it holds.
std::string shown_name(const std::string& name);

/// Matches the layers of a network with those of a file by the names (weight, bias) and shapes of
/// what they hold, and those that are alike in that by the numbers in their names: step 4 of
/// match_tensor_names(). Nothing if the layers of both hold different tensors.
/// @param origin  names the file in messages
/// @throws Error(kBadData) naming the layers that cannot be told apart.
std::optional<NameMatch> match_layers(const std::vector<Parameter>& parameters,
                                      const GivenTensors& tensors, const std::string& origin);

}  // namespace ebm::nets
