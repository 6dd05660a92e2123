#include "app/inspect/modes_command.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/command_line.h"
#include "app/inspect/modes_of_energy.h"
#include "app/inspect/modes_of_graph.h"
#include "base/error.h"
#include "base/require.h"
#include "cli/given_options.h"
#include "cli/help_text.h"
#include "landscape/module_tree.h"

namespace ebm::app {
namespace {

struct ModesCommand {
  std::string graph;
  std::optional<std::int64_t> restarts;
  bool two_level = false;
  ModesOfEnergy of_energy;  ///< with seed and json, which a graph has too
};

/// @param given  given_options() of the command line
void run(const ModesCommand& command, std::vector<std::string> given, const Backends& backends) {
  base::require_at_least("seed", command.of_energy.request.seed, 0);
  if (command.restarts) base::require_at_least("restarts", *command.restarts, 1);
  const bool has_energy = !command.of_energy.model.empty() || !command.of_energy.energy.empty();
  if (command.graph.empty()) {
    if (!has_energy)
      throw Error(ErrorCode::kUsage, "give MODEL, --energy toy:NAME or --graph FILE");
    cli::refuse_options(given, {"two-level"}, "requires --graph");
    ModesOfEnergy of_energy = command.of_energy;
    of_energy.request.map.restarts = command.restarts.value_or(landscape::SearchOptions{}.restarts);
    run_modes_of_energy(of_energy, backends);
    return;
  }
  if (has_energy) {
    throw Error(ErrorCode::kUsage,
                "graph = " + command.graph + ": not valid with MODEL or --energy");
  }
  for (const char* own : {"graph", "restarts", "seed", "two-level", "threads", "json"}) {
    std::erase(given, own);
  }
  if (!given.empty()) throw Error(ErrorCode::kUsage, given.front() + ": not valid with --graph");
  run_modes_of_graph({.file = command.graph,
                      .restarts = command.restarts,
                      .two_level = command.two_level,
                      .seed = command.of_energy.request.seed,
                      .threads = command.of_energy.threads,
                      .json = command.of_energy.json});
}

}  // namespace

void add_modes_command(CLI::App& app, const Backends& backends) {
  auto command = std::make_shared<ModesCommand>();
  CLI::App* sub = app.add_subcommand(
      "modes", "Modes of an energy, or modules of a graph, by the map equation (InfoMap)");
  sub->add_option(
         "--graph", command->graph,
         "undirected graph: a Pajek file (*Vertices, *Edges) or lines of two names and a weight; "
         "loops count once, links between the same nodes add up")
      ->type_name("FILE");
  sub->add_option("--restarts", command->restarts,
                  "independent searches; the best is kept [10; 1 above 100000 links]");
  add_seed(*sub, command->of_energy.request.seed);
  sub->add_flag("--two-level", command->two_level, "for a graph: modules without submodules");
  add_json(*sub, command->of_energy.json);
  add_modes_of_energy_options(*sub, command->of_energy);
  cli::add_examples(*sub, {"ebm modes run --out run/modes.json", "ebm modes --graph links.txt"});
  sub->callback([command, sub, backends] { run(*command, cli::given_options(*sub), backends); });
}

}  // namespace ebm::app
