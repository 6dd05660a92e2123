#include "nets/files/import_report.h"

#include <nlohmann/json.hpp>

#include "base/number_text.h"
#include "base/printed.h"

namespace ebm::nets {
namespace {

/// "weights    12 tensors"
std::string import_line(const std::string& name, const std::string& what) {
  return base::printed("%-10s %s\n", name, what);
}

/// " with the label 10 (none) and the noise level 1"; nothing of a network without conditions
std::string condition_text(const Architecture& net) {
  std::string text;
  if (net.classes > 0) text = " with the label " + std::to_string(net.classes) + " (none)";
  if (net.noise_level)
    text += (text.empty() ? " with" : " and") + std::string(" the noise level 1");
  return text;
}

}  // namespace

nlohmann::json import_json(const ImportReport& report) {
  const samplers::LangevinOptions& langevin = report.recipe.langevin;
  const Architecture& net = report.imported.architecture;
  nlohmann::json converted = nlohmann::json::object();
  for (const auto& [dtype, n] : report.imported.converted) {
    converted[std::string(dtype_name(dtype))] = n;
  }
  nlohmann::json sampler{{"steps", report.recipe.n_steps},
                         {"step_size", langevin.step_size},
                         {"noise_scale", langevin.noise_scale}};
  if (langevin.clamp_energy_grad) sampler["clamp_energy_grad"] = *langevin.clamp_energy_grad;
  return {{"model", report.model},
          {"input", {net.input.channels, net.input.height, net.input.width}},
          {"classes", net.classes},
          {"noise_level", net.noise_level},
          {"parameters", n_parameters(net)},
          {"match", report.imported.match.rule},
          {"tensors", report.imported.match.names},
          {"converted", converted},
          {"sampler", sampler},
          {"energy_of_zeros", base::plain_double(report.energy_of_zeros)}};
}

std::string import_text(const ImportReport& report) {
  const NameMatch& match = report.imported.match;
  std::string text =
      import_line("weights", std::to_string(match.names.size()) + " tensors, " +
                                 std::to_string(n_parameters(report.imported.architecture)) +
                                 " parameters; " + match.rule);
  if (match.by_shape) {
    for (const auto& [name, given] : match.names) {
      std::string pair = name;
      text += import_line("", pair.append(" = ").append(given));
    }
  }
  for (const auto& [dtype, n] : report.imported.converted) {
    text += import_line("converted", std::to_string(n) + " tensors from " +
                                         std::string(dtype_name(dtype)) + " to float32");
  }
  const Architecture& net = report.imported.architecture;
  if (net.classes > 0) text += import_line("classes", std::to_string(net.classes));
  const samplers::LangevinOptions& langevin = report.recipe.langevin;
  text += import_line(
      "sampler", std::to_string(report.recipe.n_steps) + " steps, step_size " +
                     base::number_text(langevin.step_size) + ", noise_scale " +
                     base::number_text(langevin.noise_scale) +
                     (langevin.clamp_energy_grad
                          ? ", clamp_energy_grad " + base::number_text(*langevin.clamp_energy_grad)
                          : ""));
  text += import_line("E(0)", base::number_text(report.energy_of_zeros) +
                                  ", the energy of an item of zeros" + condition_text(net) +
                                  "; compare it with PyTorch's");
  return text + import_line("model", report.model);
}

}  // namespace ebm::nets
