#include "app/bench/layer_table.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/bench/machine_text.h"
#include "app/json_text.h"
#include "base/printed.h"

namespace ebm::app {
namespace {

/// Of a peak on one thread; 0 for what multiplies nothing.
double fraction(double flops, double seconds, double peak) { return flops / seconds * 1e-9 / peak; }

double seconds_of(const NetLayers& net) {
  double sum = 0.0;
  for (const nets::LayerTime& layer : net.layers) {
    sum += layer.forward_seconds + layer.backward_seconds;
  }
  return sum;
}

void print_time(double seconds, double flops, double all, double peak) {
  std::printf("%10.4g %5.1f%%", seconds * 1e6, 100.0 * seconds / all);
  if (flops > 0.0) {
    std::printf(" %7.0f%%", 100.0 * fraction(flops, seconds, peak));
  } else {
    std::printf(" %8s", "");
  }
}

void print_net(const NetLayers& net, int width, const samplers::Machine& machine) {
  const double all = seconds_of(net), peak = machine.peak_gflops(net.precision, 1);
  double flops = 0.0;
  std::printf("\n%-*s %10s %6s %8s %10s %6s %8s\n", width, (net.net + ", " + net.precision).c_str(),
              "forward us", "share", "of peak", "backward us", "share", "of peak");
  for (const nets::LayerTime& layer : net.layers) {
    std::printf("%-*s ", width, layer.name.c_str());
    print_time(layer.forward_seconds, layer.flops, all, peak);
    std::printf(" ");
    print_time(layer.backward_seconds, layer.flops, all, peak);
    std::printf("\n");
    flops += 2.0 * layer.flops;
  }
  std::printf("%-*s %10.4g us, %.0f%% of peak\n", width, "both ways", all * 1e6,
              100.0 * fraction(flops, all, peak));
}

}  // namespace

std::string layers_json(const samplers::Machine& machine, const std::vector<NetLayers>& nets) {
  nlohmann::json rows = nlohmann::json::array();
  for (const NetLayers& net : nets) {
    const double peak = machine.peak_gflops(net.precision, 1);
    for (const nets::LayerTime& layer : net.layers) {
      rows.push_back(
          {{"net", net.net},
           {"precision", net.precision},
           {"layer", layer.name},
           {"flops", layer.flops},
           {"forward_us", layer.forward_seconds * 1e6},
           {"backward_us", layer.backward_seconds * 1e6},
           {"forward_peak_fraction", fraction(layer.flops, layer.forward_seconds, peak)},
           {"backward_peak_fraction", fraction(layer.flops, layer.backward_seconds, peak)}});
    }
  }
  nlohmann::json document{{"machine",
                           {{"cpu", machine.cpu},
                            {"simd", machine.simd},
                            {"version", EBM_VERSION},
                            {"fma_peak_gflops", machine.fma_peak_gflops.at(1)}}},
                          {"chains", samplers::kLanes},
                          {"rows", rows}};
  if (!machine.bf16_unit.empty()) {
    document["machine"]["bf16_unit"] = machine.bf16_unit;
    document["machine"]["bf16_peak_gflops"] = machine.bf16_peak_gflops.at(1);
  }
  return json_text(document) + "\n";
}

std::string layers_csv(const samplers::Machine& machine, const std::vector<NetLayers>& nets) {
  std::string text = "net,precision,layer,flops,forward_us,backward_us," + machine_columns() + "\n";
  for (const NetLayers& net : nets) {
    for (const nets::LayerTime& layer : net.layers) {
      text += net.net + "," + net.precision + "," + csv_text(layer.name);
      text += base::printed(",%.0f,%.4g,%.4g,", layer.flops, layer.forward_seconds * 1e6,
                            layer.backward_seconds * 1e6);
      text += machine_cells(machine) + "\n";
    }
  }
  return text;
}

void print_layer_table(const samplers::Machine& machine, const std::vector<NetLayers>& nets) {
  std::printf("%s, %s, FMA peak %.4g GFLOP/s on one thread; 16 chains\n", machine.cpu.c_str(),
              machine.simd.c_str(), machine.fma_peak_gflops.at(1));
  if (!machine.bf16_unit.empty()) {
    std::printf("bf16 by %s, peak %.4g GFLOP/s on one thread\n", machine.bf16_unit.c_str(),
                machine.bf16_peak_gflops.at(1));
  }
  std::size_t width = 14;
  for (const NetLayers& net : nets) {
    for (const nets::LayerTime& layer : net.layers) width = std::max(width, layer.name.size());
  }
  for (const NetLayers& net : nets) print_net(net, static_cast<int>(width), machine);
}

}  // namespace ebm::app
