#include "app/sample/score_command.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/command_line.h"
#include "app/pictures.h"
#include "app/sample/score_table.h"
#include "base/error.h"
#include "data/batch_source.h"
#include "data/item_shape.h"
#include "data/load_dataset.h"
#include "samplers/run_chains.h"

namespace ebm::app {
namespace {

struct ScoreCommand {
  std::string model;
  std::string backend;
  std::string data;
  std::string out;
  std::int64_t threads = 0;
  bool json = false;
};

std::vector<float> score(const samplers::Energy& energy, const data::Dataset& dataset,
                         int n_threads) {
  // A chunk at a time, so that the floats of a large data set are never all in memory.
  constexpr std::int64_t kChunk = 4096;
  data::BatchSource source(dataset, {.batch_size = 1});
  std::vector<float> energies(static_cast<std::size_t>(dataset.n));
  for (std::int64_t first = 0; first < dataset.n; first += kChunk) {
    const std::int64_t n = std::min(kChunk, dataset.n - first);
    std::vector<float> rows(static_cast<std::size_t>(n * energy.dim()));
    source.fill_range(first, n, rows);
    samplers::ChainStore chains(n, energy.dim());
    chains.load_rows(rows);
    samplers::evaluate_chains(energy, chains, n_threads);
    chains.store_energy(
        std::span(energies).subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(n)));
  }
  return energies;
}

void run(const ScoreCommand& command, const Backends& backends) {
  const OutputKind kind =
      require_output(command.out, std::vector{OutputKind::kNpy, OutputKind::kCsv});
  const Target target = open_target(command.model, "", command.backend, backends);
  const data::Dataset dataset = data::load_dataset(command.data);
  data::require_shape(dataset.shape, command.data, target.shape);
  const auto energies = score(*target.energy, dataset, resolve_threads(command.threads));
  for (std::size_t item = 0; item < energies.size(); ++item) {
    if (std::isfinite(energies[item])) continue;
    throw Error(ErrorCode::kDiverged, "the energy of item " + std::to_string(item) + " of " +
                                          command.data + " is " + std::to_string(energies[item]));
  }
  write_scores(command.out, kind, energies, dataset);
  double mean = 0.0;
  for (const float e : energies) mean += e / static_cast<double>(energies.size());
  const auto [low, high] = std::minmax_element(energies.begin(), energies.end());
  if (command.json) {
    const nlohmann::json document{{"out", command.out},
                                  {"n", dataset.n},
                                  {"energy", {{"mean", mean}, {"min", *low}, {"max", *high}}}};
    std::printf("%s\n", document.dump(1).c_str());
  } else {
    std::printf("%lld energies in %s: mean %.6g, from %.6g to %.6g\n",
                static_cast<long long>(dataset.n), command.out.c_str(), mean, *low, *high);
  }
}

}  // namespace

void add_score_command(CLI::App& app, const Backends& backends) {
  auto command = std::make_shared<ScoreCommand>();
  CLI::App* sub = app.add_subcommand("score", "Energy of every item of a data set, in order");
  sub->add_option("MODEL", command->model, kModelHelp)->required();
  sub->add_option("--data", command->data, "SPEC of the data set")->required();
  sub->add_option("--out", command->out, "FILE.npy (float32 [n]) or FILE.csv")->required();
  sub->add_option("--threads", command->threads, "0: one a core; results do not depend on it")
      ->capture_default_str();
  sub->add_option("--backend", command->backend, "of the model: compiled or torch [compiled]");
  sub->add_flag("--json", command->json, "print one JSON document");
  sub->callback([command, backends] { run(*command, backends); });
}

}  // namespace ebm::app
