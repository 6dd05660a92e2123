#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "nets/compiled/layer_times.h"
#include "samplers/throughput/machine.h"

namespace ebm::evaluation {

/// A network and what its operations cost.
struct NetworkLayers {
  std::string net, precision;
  std::vector<nets::LayerTime> layers;
};

/// For 16 chains on one thread the time of every operation forwards and backwards, its share, and
/// its fraction of the peak of the unit that multiplies: a table for people.
/// @param machine  with its peaks on one thread
std::string layers_table(const samplers::Machine& machine, const std::vector<NetworkLayers>& nets);

/// The same as one document, and as CSV with the machine in every row.
nlohmann::json layers_json(const samplers::Machine& machine,
                           const std::vector<NetworkLayers>& nets);
std::string layers_csv(const samplers::Machine& machine, const std::vector<NetworkLayers>& nets);

}  // namespace ebm::evaluation
