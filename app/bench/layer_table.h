#pragma once

#include <string>
#include <vector>

#include "nets/compiled/layer_times.h"
#include "samplers/throughput/machine.h"

namespace ebm::app {

/// A network and what its operations cost.
struct NetLayers {
  std::string net, precision;
  std::vector<nets::LayerTime> layers;
};

/// The table of `ebm bench --layers` on stdout: for 16 chains on one thread the time of every
/// operation forwards and backwards, its share, and its fraction of the peak of the unit that
/// multiplies.
void print_layer_table(const samplers::Machine& machine, const std::vector<NetLayers>& nets);

/// The same as one JSON document, and as CSV with the machine in every row.
std::string layers_json(const samplers::Machine& machine, const std::vector<NetLayers>& nets);
std::string layers_csv(const samplers::Machine& machine, const std::vector<NetLayers>& nets);

}  // namespace ebm::app
