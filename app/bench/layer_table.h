#pragma once

#include <string>
#include <vector>

#include "app/machine.h"
#include "nets/compiled/layer_times.h"

namespace ebm::app {

/// A network and what its operations cost.
struct NetLayers {
  std::string net;
  std::vector<nets::LayerTime> layers;
};

/// The table of `ebm bench --layers` on stdout: for 16 chains on one thread the time of every
/// operation forwards and backwards, its share, and its fraction of the FMA peak.
/// @param format  table, csv or json
void print_layers(const std::string& format, const Machine& machine,
                  const std::vector<NetLayers>& nets);

}  // namespace ebm::app
