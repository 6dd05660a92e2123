#include "landscape/interpolation_text.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <vector>

#include "base/number_text.h"
#include "base/printed.h"

namespace ebm::landscape {
namespace {

/// Lengths of a path up to each of its states.
std::vector<double> lengths_of(const EnergyPath& path) {
  const std::size_t n = path.energies.size(), dim = path.states.size() / n;
  std::vector<double> lengths(n, 0.0);
  for (std::size_t i = 1; i < n; ++i) {
    double square = 0.0;
    for (std::size_t d = 0; d < dim; ++d) {
      const double step = double{path.states[i * dim + d]} - double{path.states[(i - 1) * dim + d]};
      square += step * step;
    }
    lengths[i] = lengths[i - 1] + std::sqrt(square);
  }
  return lengths;
}

/// As shares of the length of the straight line; 0 between equal states.
std::vector<double> distances_of(const EnergyPath& path, const EnergyPath& line) {
  std::vector<double> distances = lengths_of(path);
  const double whole = lengths_of(line).back();
  for (double& distance : distances) distance = whole > 0.0 ? distance / whole : 0.0;
  return distances;
}

}  // namespace

nlohmann::json interpolation_json(const Interpolation& found, double temperature) {
  const auto json_of = [&](const EnergyPath& path) {
    return nlohmann::json{{"energies", base::plain_doubles(path.energies)},
                          {"distances", distances_of(path, found.line)},
                          {"highest", base::plain_double(path.highest)},
                          {"barrier", base::plain_double(path.barrier())}};
  };
  nlohmann::json document = json_of(found.path);
  document["line"] = json_of(found.line);
  document["temperature"] = base::plain_double(static_cast<float>(temperature));
  return document;
}

std::string interpolation_text(const Interpolation& found, double temperature) {
  const auto distances = distances_of(found.path, found.line);
  std::string text = "state  distance      energy  straight line\n";
  for (std::size_t i = 0; i < distances.size(); ++i) {
    text += base::printed("%5zu  %8.3f  %10.6g  %13.6g\n", i, distances[i],
                          double{found.path.energies[i]}, double{found.line.energies[i]});
  }
  const auto barrier = [&](const char* name, const EnergyPath& path) {
    text += base::printed("%s: highest energy %.6g, barrier %.6g", name, double{path.highest},
                          double{path.barrier()});
    if (temperature > 0.0) text += base::printed(" (%.4g T)", double{path.barrier()} / temperature);
    text += "\n";
  };
  barrier("path", found.path);
  barrier("straight line", found.line);
  return text;
}

}  // namespace ebm::landscape
