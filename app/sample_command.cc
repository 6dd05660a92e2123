#include "app/sample_command.h"

#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "app/adapted_file.h"
#include "app/command_line.h"
#include "app/pictures.h"
#include "app/sample_report.h"
#include "app/sample_start.h"
#include "app/sample_walk.h"
#include "app/sampler_options.h"
#include "app/stop_signal.h"
#include "app/toy_energy.h"
#include "base/atomic_file.h"
#include "base/error.h"
#include "base/require.h"
#include "data/npy.h"

namespace ebm::app {
namespace {

struct SampleCommand {
  std::string model;
  std::string energy;
  std::int64_t n = 64;
  std::optional<std::int64_t> steps;
  std::optional<std::int64_t> burn_in;
  std::int64_t thinning = 1;
  SamplerOptions sampler;
  std::string init = "noise";
  std::string data;
  std::int64_t seed = 0;
  std::int64_t threads = 0;
  std::string out;
  std::string trace;
  bool adapt = false;
  std::string adapt_out;
  bool diagnose = false;
  bool json = false;
};

/// A billion values: what a walk may keep in memory.
constexpr std::int64_t kMostValues = std::int64_t{1} << 30;

WalkPlan plan_of(const SampleCommand& command, const Target& target) {
  const std::int64_t steps = command.steps.value_or(target.n_steps);
  const bool has_draws = command.diagnose || !command.trace.empty();
  base::require_at_least("steps", steps, 0);
  base::require_at_least("n", command.n, 1);
  base::require_at_least("seed", command.seed, 0);
  base::require_at_least("thinning", command.thinning, 1);
  const std::int64_t burn_in = command.burn_in.value_or(command.adapt ? 1000 : 0);
  base::require_at_least("burn-in", burn_in, command.adapt ? 1 : 0);
  if (command.n > (std::int64_t{1} << 36) / target.energy->dim()) {
    throw Error(ErrorCode::kUsage,
                "n = " + std::to_string(command.n) + ": that many states of dim " +
                    std::to_string(target.energy->dim()) + " do not fit in memory");
  }
  if (has_draws && steps < command.thinning) {
    throw Error(ErrorCode::kUsage, "thinning = " + std::to_string(command.thinning) +
                                       ": must be at most the " + std::to_string(steps) +
                                       " steps, or there is no draw");
  }
  const double n_values = static_cast<double>(steps / command.thinning) *
                          static_cast<double>(command.n) *
                          static_cast<double>(target.energy->dim());
  if (command.diagnose && n_values > static_cast<double>(kMostValues)) {
    throw Error(ErrorCode::kUsage, "diagnose: the draws would be " +
                                       std::to_string(n_values / 1e9) +
                                       " billion numbers, and at most 1.07 are kept in memory; "
                                       "raise --thinning or lower --n");
  }
  return {.n = command.n,
          .burn_in = burn_in,
          .steps = steps,
          .thinning = command.thinning,
          .adapt = command.adapt,
          .keep_draws = command.diagnose,
          .trace = command.trace,
          .seed = static_cast<std::uint64_t>(command.seed),
          .n_threads = resolve_threads(command.threads)};
}

samplers::Diagnosis diagnose(const SampleCommand& command, const WalkPlan& plan, const Walk& walk,
                             std::int64_t dim) {
  std::vector<double> acceptance;
  std::vector<std::int64_t> n_divergent;
  for (const samplers::ChainInfo& chain : walk.info.chains) {
    if (chain.n_transitions == 0) continue;
    acceptance.push_back(chain.acceptance());
    n_divergent.push_back(chain.n_divergent);
  }
  // Only trajectories have an energy of their own to speak of.
  const std::string& sampler = command.sampler.sampler.value_or("langevin");
  const bool has_momentum = sampler == "hmc" || sampler == "nuts";
  return samplers::diagnose(
      {.n_draws = walk.n_draws,
       .n_chains = plan.n,
       .dim = dim,
       .x = walk.draws,
       .energy = walk.draw_energies,
       .total_energy =
           has_momentum ? std::span<const float>(walk.draw_hamiltonians) : std::span<const float>(),
       .acceptance = acceptance,
       .n_divergent = n_divergent,
       .seconds = walk.seconds},
      {.n_threads = plan.n_threads});
}

void write_samples(const SampleCommand& command, OutputKind kind, const Target& target,
                   const Walk& walk) {
  const data::ItemShape& shape = target.shape;
  if (kind == OutputKind::kPng) {
    write_picture(command.out, walk.rows, shape, target.is_image);
  } else if (target.is_image) {
    data::write_npy(
        command.out, walk.rows,
        std::vector<std::int64_t>{command.n, shape.channels, shape.height, shape.width});
  } else {
    data::write_npy(command.out, walk.rows,
                    std::vector<std::int64_t>{command.n, target.energy->dim()});
  }
}

int run(const SampleCommand& command, const OpenModel& open_model) {
  if (command.out.empty() && command.trace.empty() && !command.diagnose) {
    throw Error(ErrorCode::kUsage, "give --out FILE, --trace FILE.npy or --diagnose");
  }
  std::optional<OutputKind> kind;
  if (!command.out.empty()) {
    kind = require_output(command.out, std::vector{OutputKind::kPng, OutputKind::kNpy});
  }
  if (!command.trace.empty()) {
    require_output(command.trace, std::vector{OutputKind::kNpy}, "trace");
  }
  if (!command.adapt_out.empty()) base::require_writable(command.adapt_out);
  const Target target = open_target(command.model, command.energy, open_model);
  const WalkPlan plan = plan_of(command, target);
  samplers::SamplerSettings settings = target.settings;
  apply_sampler_options(command.sampler, plan.burn_in + plan.steps, settings);
  samplers::make_kernel(settings);  // names what is wrong before any work
  if (command.adapt && !samplers::target_acceptance(settings)) {
    throw Error(ErrorCode::kUsage, "adapt: " + settings.sampler +
                                       " has no accept step to adapt to; mala, hmc and nuts have");
  }
  if (!command.adapt_out.empty() && !command.adapt) {
    throw Error(ErrorCode::kUsage, "adapt-out = " + command.adapt_out + ": needs --adapt");
  }
  if (kind == OutputKind::kPng) require_drawable(command.out, target.shape, target.is_image);
  const std::vector<float> starts =
      start_rows({.init = command.init,
                  .data = command.data.empty() ? target.data : command.data,
                  .n = command.n,
                  .seed = plan.seed},
                 target.shape, settings.box, target.checkpoint);
  const Walk walk = walk_chains(*target.energy, starts, plan, settings);
  if (walk.stopped_by != 0) {
    std::fprintf(stderr, "ebm: stopped by signal %d; nothing was written\n", walk.stopped_by);
    return exit_code_of_signal(walk.stopped_by);
  }
  if (kind) write_samples(command, *kind, target, walk);
  if (!command.adapt_out.empty()) write_adapted(command.adapt_out, settings);
  SampleReport report{plan, settings, walk, command.out, std::nullopt};
  if (command.diagnose) report.diagnosis = diagnose(command, plan, walk, target.energy->dim());
  if (command.json) {
    std::printf("%s\n", sample_json(report).dump(1).c_str());
  } else {
    std::printf("%s", sample_text(report).c_str());
  }
  return 0;
}

}  // namespace

void add_sample_command(CLI::App& app, int& exit_code, const OpenModel& open_model,
                        const std::function<void()>& hand_over) {
  auto command = std::make_shared<SampleCommand>();
  CLI::App* sub = app.add_subcommand("sample", "Draw samples from a model or a toy energy");
  sub->add_option("MODEL", command->model, "run folder, checkpoint folder or .safetensors file");
  sub->add_option("--energy", command->energy,
                  "toy:NAME[,KEY=VALUE]...:\n" + describe_toy_energies());
  sub->add_option("--n", command->n, "number of chains")->capture_default_str();
  sub->add_option("--steps", command->steps, "steps of each chain [the model's own; toys 1000]");
  sub->add_option("--init", command->init,
                  "noise (uniform on the box, N(0, I) without one), replay (chains of the "
                  "checkpoint's buffer), data or FILE.npy")
      ->capture_default_str();
  sub->add_option("--data", command->data,
                  "SPEC that --init data starts from [that of the training]");
  sub->add_option("--seed", command->seed, "of all random numbers")->capture_default_str();
  sub->add_option("--threads", command->threads, "0: one a core; results do not depend on it")
      ->capture_default_str();
  sub->add_option("--out", command->out, "FILE.png or FILE.npy: the states at the end");
  sub->add_option("--burn-in", command->burn_in, "steps before those [0; 1000 with --adapt]");
  sub->add_option("--thinning", command->thinning, "steps between draws")->capture_default_str();
  sub->add_option("--trace", command->trace, "FILE.npy: all draws, [steps / thinning, n, dim]");
  sub->add_flag("--diagnose", command->diagnose,
                "a table of means, errors, effective sample sizes and R-hat, with warnings");
  sub->add_flag("--adapt", command->adapt,
                "tune step size and mass during burn-in (mala, hmc, nuts)");
  sub->add_option("--adapt-out", command->adapt_out, "FILE.json for --adapted of a later walk");
  sub->add_flag("--json", command->json, "print one JSON document");
  add_sampler_options(*sub, command->sampler);
  sub->callback([command, &exit_code, open_model, hand_over] {
    if (!command->model.empty() && !open_model) hand_over();
    exit_code = run(*command, open_model);
  });
}

}  // namespace ebm::app
