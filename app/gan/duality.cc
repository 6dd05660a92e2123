#include "app/gan/duality.h"

#include <cstdint>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "app/command_line.h"
#include "app/print.h"
#include "app/read_data.h"
#include "base/names/choice.h"
#include "base/require.h"
#include "cli/given_options.h"
#include "cli/help_text.h"
#include "gan/duality.h"
#include "gan/duality_report.h"

namespace ebm::app {
namespace {

struct DualityCommand {
  std::string real, fake;
  std::optional<std::int64_t> n;
  std::string cost = "euclidean";
  std::int64_t iterations = gan::CriticOptions{}.n_iterations;
  double penalty = gan::CriticOptions{}.penalty;
  std::int64_t seed = 0;
  std::int64_t threads = 0;
  bool json = false;
};

gan::DualityOptions options_of(const DualityCommand& command) {
  base::require_at_least("seed", command.seed, 0);
  const int n_threads = resolve_threads(command.threads);
  gan::DualityOptions options{.n = command.n,
                              .cost = base::value_of<gan::Cost>("cost", gan::kCosts, command.cost),
                              .critic = {.penalty = command.penalty,
                                         .n_iterations = command.iterations,
                                         .seed = static_cast<std::uint64_t>(command.seed),
                                         .n_threads = n_threads}};
  options.critic.validate();
  return options;
}

}  // namespace

void add_gan_duality(CLI::App& gan) {
  auto command = std::make_shared<DualityCommand>();
  CLI::App* sub = gan.add_subcommand(
      "duality", "Wasserstein distance of two data sets: primal, duals, and estimates by critics");
  sub->add_option("--real", command->real, "data set")->type_name("SPEC")->required();
  sub->add_option("--fake", command->fake, "other data, or samples as npy:FILE")
      ->type_name("SPEC")
      ->required();
  sub->add_option("--n", command->n, "rows of each, drawn at random [256, or all if fewer]");
  sub->add_option("--cost", command->cost, "euclidean or squared (not a metric: trains no critics)")
      ->capture_default_str();
  sub->add_option("--iterations", command->iterations, "training iterations of a critic")
      ->capture_default_str();
  sub->add_option("--penalty", command->penalty, "lambda, the weight of the gradient penalty")
      ->capture_default_str();
  add_seed(*sub, command->seed);
  add_threads(*sub, command->threads);
  add_json(*sub, command->json);
  cli::add_examples(*sub, {"ebm gan duality --real toy:8gaussians --fake toy:rings"});
  sub->callback([command, sub] {
    const gan::DualityOptions options = options_of(*command);
    if (options.cost == gan::Cost::kSquared) {
      cli::refuse_options(cli::given_options(*sub), {"iterations", "penalty"},
                          "is for critics; --cost squared trains none");
    }
    const data::Dataset real = read_data(command->real);
    const data::Dataset fake = read_data(command->fake);
    const gan::Duality found = gan::measure_duality(real, fake, options);
    const gan::DualityReport report{command->real, command->fake, options.cost, found};
    if (command->json) return print_json(gan::duality_json(report));
    std::printf("%s", gan::duality_text(report).c_str());
  });
}

}  // namespace ebm::app
