#include "app/sample/score_command.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/command_line.h"
#include "app/output_file.h"
#include "app/print.h"
#include "app/read_data.h"
#include "cli/help_text.h"
#include "data/item_shape.h"
#include "evaluation/energy_comparison.h"
#include "evaluation/report/precision_text.h"
#include "evaluation/report/score_file.h"
#include "evaluation/report/terms_json.h"

namespace ebm::app {
namespace {

struct ScoreCommand {
  std::string model;
  EvaluatedBy by;
  std::string data;
  std::string out;
  std::int64_t threads = 0;
  bool json = false;
};

void run(ScoreCommand command, const Backends& backends) {
  require_output(command.out, std::vector{OutputKind::kNpy, OutputKind::kCsv});
  const Target target = open_target(command.model, "", command.by, backends);
  const bool are_own = command.data.empty();
  command.data = data_of(target.data, target.origin, command.data);
  const data::Dataset dataset = read_moved_data(are_own, [&] { return read_data(command.data); });
  data::require_shape(dataset.shape, command.data, target.shape);
  const std::vector<float> energies = evaluation::energies_of(*target.energy, dataset, command.data,
                                                              resolve_threads(command.threads));
  evaluation::write_scores(command.out, energies, dataset);
  double mean = 0.0;
  for (const float e : energies) mean += e / static_cast<double>(energies.size());
  const auto [low, high] = std::minmax_element(energies.begin(), energies.end());
  if (command.json) {
    nlohmann::json document{{"out", command.out},
                            {"n", dataset.n},
                            {"energy", {{"mean", mean}, {"min", *low}, {"max", *high}}}};
    evaluation::add_arithmetic(target.precision, document);
    evaluation::add_terms(target.terms, document);
    print_json(document);
  } else {
    print("%lld energies in %s: mean %.6g, from %.6g to %.6g\n", static_cast<long long>(dataset.n),
          command.out.c_str(), mean, *low, *high);
  }
}

}  // namespace

void add_score_command(CLI::App& app, const Backends& backends) {
  auto command = std::make_shared<ScoreCommand>();
  CLI::App* sub = app.add_subcommand("score", "Energy of every item of a data set, in order");
  sub->add_option("MODEL", command->model, kModelHelp)->required();
  sub->add_option("--data", command->data, "data set [the model's training data]")
      ->type_name("SPEC");
  sub->add_option("--out", command->out, "FILE.npy (float32 [n]) or FILE.csv")
      ->type_name("FILE")
      ->required();
  add_threads(*sub, command->threads);
  add_evaluated_by(*sub, command->by);
  add_json(*sub, command->json);
  cli::add_examples(*sub, {"ebm score run --data fashion-mnist#split=test --out energies.npy"});
  sub->callback([command, backends] { run(*command, backends); });
}

}  // namespace ebm::app
