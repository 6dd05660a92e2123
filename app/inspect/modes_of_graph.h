#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace ebm::app {

/// The options of `ebm modes --graph`.
struct ModesOfGraph {
  std::string file;
  std::optional<std::int64_t> restarts;
  bool two_level = false;
  std::int64_t seed = 0, threads = 0;
  bool json = false;
};

/// `ebm modes --graph FILE`: finds modules by the map equation, and prints.
void run_modes_of_graph(const ModesOfGraph& command);

}  // namespace ebm::app
