#include "app/eval/classify_options.h"

#include "app/command_line.h"
#include "base/error.h"
#include "base/require.h"
#include "cli/comma_list.h"

namespace ebm::app {
namespace {

/// The conditions beside the class: none, or a level of noise, or each of several levels.
std::vector<std::vector<float>> conditions_of(const ClassifyCommand& command, OpenClasses opened) {
  if (command.levels.empty()) return {opened.behind_label()};
  if (opened.level) {
    throw Error(ErrorCode::kUsage, "levels = " + command.levels + ": '" + command.model +
                                       "' has a level already; give one of them");
  }
  std::vector<std::vector<float>> conditions;
  for (const double level : levels_of(command)) {
    opened.level = level;
    conditions.push_back(opened.behind_label());
  }
  return conditions;
}

}  // namespace

void add_classify_options(CLI::App& sub, ClassifyCommand& command) {
  sub.add_option("MODEL", command.model, kClassModelHelp)->required();
  sub.add_option("--data", command.data, "labelled test data")->type_name("SPEC")->required();
  sub.add_option("--ood", command.ood, "out-of-distribution data; may be repeated")
      ->type_name("SPEC")
      ->take_all();
  sub.add_option("--levels", command.levels,
                 "levels of noise, of a model that reads one: the sum of the energies at them with "
                 "weights that are fitted with T; else their mean")
      ->type_name("X,...");
  sub.add_option("--noise-draws", command.noise_draws,
                 "of a model that reads a level of noise: the mean of the energies of so many "
                 "copies of each item with noise of that level; 0 = of the item as it is")
      ->capture_default_str();
  sub.add_option("--temperature", command.temperature,
                 "T of p(y | x): a number, recipe (of the sampler), or fit (vector scaling on "
                 "--fit-data) [1 for a model trained with classify_weight, else fit]");
  sub.add_option("--fit-data", command.fit_data,
                 "labelled data that T is fitted to [the model's training data]")
      ->type_name("SPEC");
  sub.add_option("--fit-n", command.fit_n, "number of random items that T is fitted to [10000]");
  sub.add_flag("--no-offsets", command.no_offsets,
               "fit T alone, without a bias and a weight of each class");
  sub.add_option(
         "--eps", command.eps,
         "FGSM (fast gradient sign method) perturbation sizes, in units of the data; beside "
         "them the same sizes with random signs")
      ->type_name("EPS,...")
      ->capture_default_str();
  sub.add_option("--move-n", command.move_n, "number of items to perturb; 0 = none")
      ->capture_default_str();
  sub.add_option("--out", command.out,
                 "FILE.json for the results, with FILE.png for the confusion matrix; "
                 "RUN/classify.json is shown by ebm report")
      ->type_name("FILE");
  sub.add_option("--predictions", command.predictions,
                 "FILE.csv: prediction, probability and marginal energy of every item")
      ->type_name("FILE");
  add_seed(sub, command.seed);
  add_threads(sub, command.threads);
  add_evaluated_by(sub, command.by);
  add_json(sub, command.json);
}

std::vector<double> levels_of(const ClassifyCommand& command) {
  std::vector<double> levels;
  if (command.levels.empty()) return levels;
  for (const std::string& level : cli::split_commas(command.levels)) {
    levels.push_back(cli::number_of("levels", level));
  }
  return levels;
}

evaluation::ClassifierRunOptions classifier_options(const ClassifyCommand& command,
                                                    const OpenClasses& opened) {
  const int n_threads = resolve_threads(command.threads);
  evaluation::ClassifierRunOptions options{
      .classes = {.n_classes = opened.target.classes,
                  .conditions = conditions_of(command, opened),
                  .noise_draws = command.noise_draws,
                  .seed = static_cast<std::uint64_t>(command.seed)},
      .class_names = opened.target.class_names,
      .eps = {},
      .n_moved = command.move_n,
      .box = opened.target.settings.box,
      .seed = static_cast<std::uint64_t>(command.seed),
      .n_threads = n_threads};
  if (!command.fit_data.empty() && !command.temperature.empty() && command.temperature != "fit") {
    throw Error(ErrorCode::kUsage, "fit-data = " + command.fit_data + ": needs --temperature fit");
  }
  base::require_at_least("noise-draws", command.noise_draws, 0);
  if (command.noise_draws > 0 && options.classes.conditions.front().empty()) {
    throw Error(ErrorCode::kUsage, "noise-draws = " + std::to_string(command.noise_draws) + ": '" +
                                       command.model + "' reads no level of noise");
  }
  if (command.fit_n) {
    base::require_at_least("fit-n", *command.fit_n, 1);
    options.n_fitted = *command.fit_n;
  }
  base::require_at_least("move-n", command.move_n, 0);
  base::require_at_least("seed", command.seed, 0);
  for (const std::string& eps : cli::split_commas(command.eps)) {
    options.eps.push_back(cli::number_of("eps", eps));
    base::require_non_negative("eps", options.eps.back());
  }
  return options;
}

}  // namespace ebm::app
