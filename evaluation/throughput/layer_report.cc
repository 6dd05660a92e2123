#include "evaluation/throughput/layer_report.h"

#include <algorithm>
#include <cstddef>
#include <nlohmann/json.hpp>

#include "base/printed.h"
#include "evaluation/throughput/machine_report.h"
#include "samplers/simd/lane_count.h"

namespace ebm::evaluation {
namespace {

using base::printed;

/// Of a peak on one thread; 0 for what multiplies nothing.
double peak_share(double flops, double seconds, double peak) {
  return flops / seconds * 1e-9 / peak;
}

double seconds_of(const NetworkLayers& net) {
  double sum = 0.0;
  for (const nets::LayerTime& layer : net.layers) {
    sum += layer.forward_seconds + layer.backward_seconds;
  }
  return sum;
}

std::string name_cell(const std::string& name, std::size_t width) {
  return name + std::string(width - std::min(width, name.size()), ' ');
}

std::string time_cells(double seconds, double flops, double all, double peak) {
  const std::string text = printed("%10.4g %5.1f%%", seconds * 1e6, 100.0 * seconds / all);
  if (flops == 0.0) return text + printed(" %8s", "");
  return text + printed(" %7.0f%%", 100.0 * peak_share(flops, seconds, peak));
}

std::string table_of(const NetworkLayers& net, std::size_t width,
                     const samplers::Machine& machine) {
  const double all = seconds_of(net), peak = machine.peak_gflops(net.precision, 1);
  double flops = 0.0;
  std::string text = "\n" + name_cell(net.net + ", " + net.precision, width) +
                     printed(" %10s %6s %8s %10s %6s %8s\n", "forward us", "share", "of peak",
                             "backward us", "share", "of peak");
  for (const nets::LayerTime& layer : net.layers) {
    text += name_cell(layer.name, width) + " " +
            time_cells(layer.forward_seconds, layer.flops, all, peak) + " " +
            time_cells(layer.backward_seconds, layer.flops, all, peak) + "\n";
    flops += 2.0 * layer.flops;
  }
  return text + name_cell("both ways", width) +
         printed(" %10.4g us, %.0f%% of peak\n", all * 1e6, 100.0 * peak_share(flops, all, peak));
}

}  // namespace

std::string layers_table(const samplers::Machine& machine, const std::vector<NetworkLayers>& nets) {
  std::string text = printed("%s, %s, FMA peak %.4g GFLOP/s on one thread; 16 chains\n",
                             machine.cpu, machine.simd, machine.fma_peak_gflops.at(1));
  if (!machine.bf16_unit.empty()) {
    text += printed("bf16 by %s, peak %.4g GFLOP/s on one thread\n", machine.bf16_unit,
                    machine.bf16_peak_gflops.at(1));
  }
  std::size_t width = 14;
  for (const NetworkLayers& net : nets) {
    for (const nets::LayerTime& layer : net.layers) width = std::max(width, layer.name.size());
  }
  for (const NetworkLayers& net : nets) text += table_of(net, width, machine);
  return text;
}

nlohmann::json layers_json(const samplers::Machine& machine,
                           const std::vector<NetworkLayers>& nets) {
  nlohmann::json rows = nlohmann::json::array();
  for (const NetworkLayers& net : nets) {
    const double peak = machine.peak_gflops(net.precision, 1);
    for (const nets::LayerTime& layer : net.layers) {
      rows.push_back(
          {{"net", net.net},
           {"precision", net.precision},
           {"layer", layer.name},
           {"flops", layer.flops},
           {"forward_us", layer.forward_seconds * 1e6},
           {"backward_us", layer.backward_seconds * 1e6},
           {"forward_peak_fraction", peak_share(layer.flops, layer.forward_seconds, peak)},
           {"backward_peak_fraction", peak_share(layer.flops, layer.backward_seconds, peak)}});
    }
  }
  nlohmann::json document{{"machine",
                           {{"cpu", machine.cpu},
                            {"simd", machine.simd},
                            {"version", machine.version},
                            {"fma_peak_gflops", machine.fma_peak_gflops.at(1)}}},
                          {"chains", samplers::kLanes},
                          {"rows", rows}};
  if (!machine.bf16_unit.empty()) {
    document["machine"]["bf16_unit"] = machine.bf16_unit;
    document["machine"]["bf16_peak_gflops"] = machine.bf16_peak_gflops.at(1);
  }
  return document;
}

std::string layers_csv(const samplers::Machine& machine, const std::vector<NetworkLayers>& nets) {
  std::string text = "net,precision,layer,flops,forward_us,backward_us," + machine_columns() + "\n";
  for (const NetworkLayers& net : nets) {
    for (const nets::LayerTime& layer : net.layers) {
      text += net.net + "," + net.precision + "," + csv_quoted(layer.name);
      text += printed(",%.0f,%.4g,%.4g,", layer.flops, layer.forward_seconds * 1e6,
                      layer.backward_seconds * 1e6);
      text += machine_cells(machine) + "\n";
    }
  }
  return text;
}

}  // namespace ebm::evaluation
