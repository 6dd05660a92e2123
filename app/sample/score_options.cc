#include "app/sample/score_options.h"

#include "app/command_line.h"
#include "base/error.h"
#include "base/names/choice.h"
#include "base/require.h"

namespace ebm::app {

void add_score_options(CLI::App& sub, ScoreCommand& command) {
  sub.add_option("MODEL", command.model, kModelHelp)->required();
  sub.add_option("--data", command.data, "data set [the model's training data]")->type_name("SPEC");
  sub.add_option("--out", command.out, "FILE.npy (float32 [n], or [n, classes]) or FILE.csv")
      ->type_name("FILE")
      ->required();
  sub.add_option("--class", command.klass,
                 "of a model with classes: a label or name, none, or all (a column for each) "
                 "[none]")
      ->type_name("CLASS");
  sub.add_option("--density", command.density,
                 "of a model with levels of noise: -ln p at the lowest one, by energy, flow "
                 "or annealed, in place of E")
      ->type_name("METHOD");
  sub.add_option("--n", command.n, "with --density: the first items alone; 0 = all");
  add_seed(sub, command.seed);
  add_threads(sub, command.threads);
  add_evaluated_by(sub, command.by);
  add_json(sub, command.json);
}

evaluation::DensityMethod density_method(const ScoreCommand& command) {
  return base::value_of<evaluation::DensityMethod>("density", evaluation::kDensityMethods,
                                                   command.density);
}

void validate(const ScoreCommand& command) {
  base::require_at_least("n", command.n, 0);
  base::require_at_least("seed", command.seed, 0);
  if (command.density.empty()) {
    const auto refuse_unread = [](const char* name, std::int64_t value) {
      if (value == 0) return;
      throw Error(ErrorCode::kUsage,
                  std::string(name) + " = " + std::to_string(value) + ": is for --density");
    };
    refuse_unread("n", command.n);
    refuse_unread("seed", command.seed);
    return;
  }
  density_method(command);
  if (command.klass == "all") {
    throw Error(ErrorCode::kUsage, "density = " + command.density + ": needs one class, not all");
  }
}

}  // namespace ebm::app
