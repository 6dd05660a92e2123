#include "app/sample/score_command.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/command_line.h"
#include "app/print.h"
#include "app/read_data.h"
#include "app/sample/score_options.h"
#include "app/target/open_classes.h"
#include "base/number_text.h"
#include "cli/help_text.h"
#include "data/item_shape.h"
#include "evaluation/classification/class_energies.h"
#include "evaluation/density/score_density.h"
#include "evaluation/energy_comparison.h"
#include "evaluation/report/density_text.h"
#include "evaluation/report/precision_text.h"
#include "evaluation/report/score_file.h"
#include "evaluation/report/terms_json.h"
#include "models/condition.h"
#include "report/output_file.h"

namespace ebm::app {
namespace {

/// The model at a class, or what its label is open for.
struct Scored {
  Target target;
  std::optional<evaluation::ClassContexts> classes;  ///< of --class all
};

Scored open_scored(const ScoreCommand& command, const Backends& backends) {
  if (command.klass.empty()) {
    return {open_target(command.model, "", command.by, backends), std::nullopt};
  }
  OpenClasses opened =
      open_classes(command.model, "class = " + command.klass, command.by, backends);
  if (command.klass == "all") {
    evaluation::ClassContexts contexts{.n_classes = opened.target.classes,
                                       .conditions = {opened.behind_label()}};
    note_terms(command.model, opened.target);
    return {std::move(opened.target), std::move(contexts)};
  }
  Target target = models::bind_condition(std::move(opened.target), {command.klass, opened.level});
  note_terms(command.model, target);
  return {std::move(target), std::nullopt};
}

/// Writes −ln p of the items as their energies. @param density  of their mean, written
std::vector<float> score_by_density(const ScoreCommand& command, const Target& target,
                                    const data::Dataset& dataset,
                                    std::optional<evaluation::DensityScores>& density) {
  density = evaluation::score_density(target, dataset, command.n, density_method(command),
                                      {.seed = static_cast<std::uint64_t>(command.seed),
                                       .n_threads = resolve_threads(command.threads)});
  evaluation::write_scores(command.out, density->energies, dataset);
  return density->energies;
}

/// Writes the energies, and returns them.
std::vector<float> score(const ScoreCommand& command, const Scored& scored,
                         const data::Dataset& dataset,
                         std::optional<evaluation::DensityScores>& density) {
  if (!command.density.empty()) {
    return score_by_density(command, scored.target, dataset, density);
  }
  const samplers::Energy& energy = *scored.target.energy;
  const int n_threads = resolve_threads(command.threads);
  if (!scored.classes) {
    auto energies = evaluation::energies_of(energy, dataset, command.data, n_threads);
    evaluation::write_scores(command.out, energies, dataset);
    return energies;
  }
  auto energies =
      evaluation::class_energies(energy, *scored.classes, dataset, command.data, n_threads);
  evaluation::write_class_scores(command.out, energies, scored.target.classes, dataset);
  return energies;
}

void run(ScoreCommand command, const Backends& backends) {
  validate(command);
  report::require_output(command.out, {report::OutputKind::kNpy, report::OutputKind::kCsv});
  const Scored scored = open_scored(command, backends);
  const Target& target = scored.target;
  const bool are_own = command.data.empty();
  command.data = data_of(target.data, target.origin, command.data);
  const data::Dataset dataset = read_moved_data(are_own, [&] { return read_data(command.data); });
  data::require_shape(dataset.shape, command.data, target.shape);
  std::optional<evaluation::DensityScores> density;
  const std::vector<float> energies = score(command, scored, dataset, density);
  double mean = 0.0;
  for (const float e : energies) mean += e / static_cast<double>(energies.size());
  const auto [low, high] = std::minmax_element(energies.begin(), energies.end());
  if (command.json) {
    const std::size_t n_columns =
        scored.classes ? static_cast<std::size_t>(target.classes) : std::size_t{1};
    nlohmann::json document{
        {"out", command.out},
        {"n", energies.size() / n_columns},
        {"energy",
         {{"mean", mean}, {"min", base::plain_double(*low)}, {"max", base::plain_double(*high)}}}};
    if (density) evaluation::add_density(*density, document);
    if (!command.klass.empty()) document["class"] = command.klass;
    evaluation::add_arithmetic(target.precision, document);
    evaluation::add_terms(target.terms, document);
    print_json(document);
  } else {
    print("%zu energies in %s: mean %.6g, from %.6g to %.6g\n", energies.size(),
          command.out.c_str(), mean, *low, *high);
    if (density) std::printf("%s", evaluation::density_scores_text(*density).c_str());
  }
}

}  // namespace

void add_score_command(CLI::App& app, const Backends& backends) {
  auto command = std::make_shared<ScoreCommand>();
  CLI::App* sub = app.add_subcommand("score", "Energy of every item of a data set, in order");
  add_score_options(*sub, *command);
  cli::add_examples(*sub, {"ebm score run --data fashion-mnist#split=test --out energies.npy",
                           "ebm score run --density flow --n 500 --out log-densities.npy"});
  sub->callback([command, backends] { run(*command, backends); });
}

}  // namespace ebm::app
