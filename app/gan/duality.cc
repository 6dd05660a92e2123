#include "app/gan/duality.h"

#include <cstdint>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "app/command_line.h"
#include "app/json_text.h"
#include "app/print.h"
#include "app/read_data.h"
#include "base/names/choice.h"
#include "base/require.h"
#include "cli/help_text.h"
#include "gan/duality.h"

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
  gan::DualityOptions options{.n = command.n,
                              .cost = base::value_of<gan::Cost>("cost", gan::kCosts, command.cost),
                              .critic = {.penalty = command.penalty,
                                         .n_iterations = command.iterations,
                                         .seed = static_cast<std::uint64_t>(command.seed),
                                         .n_threads = resolve_threads(command.threads)}};
  options.critic.validate();
  return options;
}

void print_row(const char* name, double value, const std::string& what) {
  print("%-28s %12.7g   %s\n", name, value, what.c_str());
}

void print_duality(const DualityCommand& command, gan::Cost cost, const gan::Duality& found) {
  const bool metric = cost == gan::Cost::kEuclidean;
  print("%lld rows each of %s and %s, dim %lld, cost %s\n\n", static_cast<long long>(found.n),
        command.real.c_str(), command.fake.c_str(), static_cast<long long>(found.dim),
        metric ? "|x - y|" : "|x - y|^2");
  print_row("primal, network simplex", found.transport.primal, metric ? "W1" : "W2 squared");
  print_row(
      "dual, f and g", found.transport.dual,
      "the same: gap " + base::printed("%.2g", found.transport.primal - found.transport.dual));
  const bool is_less = found.one_function < found.transport.primal * (1.0 - 1e-9);
  print_row("dual, g = -f", found.one_function,
            metric    ? "the same, as the cost is a metric"
            : is_less ? "less: the square of a distance is no metric"
                      : "the same here, although the square of a distance is no metric");
  if (found.closed_form) print_row("closed form on a line", *found.closed_form, "the same");
  if (!found.penalised) return;
  print_row("critic, gradient penalty", found.penalised->value,
            "no bound: gradient norms up to " +
                base::printed("%.4g", found.penalised->gradient_norm) + " at the rows");
  // Power iterations see a norm from below, so that it may be a little above 1.
  print_row("critic, spectral norm", found.held->value,
            "gradient norm at most " + base::printed("%.6g", found.held->gradient_norm) +
                ": W1 is at least " +
                base::printed("%.7g", found.held->value / found.held->gradient_norm));
}

void print_duality_json(const DualityCommand& command, const gan::Duality& found,
                        const std::vector<std::string>& warnings) {
  nlohmann::ordered_json document{{"real", command.real},
                                  {"fake", command.fake},
                                  {"n", found.n},
                                  {"dim", found.dim},
                                  {"cost", command.cost},
                                  {"primal", found.transport.primal},
                                  {"dual", found.transport.dual},
                                  {"dual_one_function", found.one_function}};
  if (found.closed_form) document["closed_form"] = *found.closed_form;
  const auto add = [&](const char* name, const std::optional<gan::CriticEstimate>& critic) {
    if (critic) document[name] = {{"value", critic->value}, {"slope", critic->gradient_norm}};
  };
  add("critic_gradient_penalty", found.penalised);
  add("critic_spectral_norm", found.held);
  document["warnings"] = warnings;
  std::printf("%s\n", json_text(document).c_str());
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
      refuse_options(given_options(*sub), {"iterations", "penalty"},
                     "is for critics; --cost squared trains none");
    }
    const data::Dataset real = read_data(command->real);
    const data::Dataset fake = read_data(command->fake);
    const gan::Duality found = gan::measure_duality(real, fake, options);
    if (!command->json) return print_duality(*command, options.cost, found);
    std::vector<std::string> warnings = real.warnings;
    warnings.insert(warnings.end(), fake.warnings.begin(), fake.warnings.end());
    print_duality_json(*command, found, warnings);
  });
}

}  // namespace ebm::app
