#include "app/sample/command.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "app/command_line.h"
#include "app/machine.h"
#include "app/pictures.h"
#include "app/sample/adapted_file.h"
#include "app/sample/report.h"
#include "app/sample/sampler_options.h"
#include "app/show_progress.h"
#include "base/atomic_file.h"
#include "base/error.h"
#include "base/number_text.h"
#include "base/require.h"
#include "data/formats/npy.h"
#include "evaluation/chain_starts.h"
#include "evaluation/walk.h"
#include "models/toys/toy_energy.h"

namespace ebm::app {
namespace {

struct SampleCommand {
  std::string model;
  std::string backend;
  std::string energy;
  std::int64_t n = 64;
  std::optional<std::int64_t> steps;
  std::optional<std::int64_t> burn_in;
  std::optional<std::int64_t> thinning;
  SamplerOptions sampler;
  std::string init = "noise";
  std::string data;
  std::int64_t seed = 0;
  std::int64_t threads = 0;
  std::string out;
  std::string trace;
  std::string energy_trace;
  bool adapt = false;
  std::string adapt_out;
  std::optional<double> target_acceptance;
  bool diagnose = false;
  bool json = false;
};

/// A billion values: what a walk may keep in memory.
constexpr std::int64_t kMaxValues = std::int64_t{1} << 30;
/// Days of the fastest walk; far below what a counter holds.
constexpr std::int64_t kMaxSteps = 1'000'000'000'000'000;

void require_steps(const std::string& name, std::int64_t steps, std::int64_t least) {
  base::require_at_least(name, steps, least);
  if (steps <= kMaxSteps) return;
  throw Error(ErrorCode::kUsage, name + " = " + std::to_string(steps) + ": must be at most " +
                                     std::to_string(kMaxSteps));
}

/// States are kept as starts, in the chains with gradients (and a momentum), and as rows at the
/// end; replicas multiply the chains.
void require_fits(std::int64_t n, std::int64_t dim, const samplers::SamplerSettings& settings) {
  const double replicas = settings.sampler == samplers::SamplerKind::kParallelTempering
                              ? static_cast<double>(settings.ladder.size())
                              : 1.0;
  require_memory(
      n,
      "states of dim " + std::to_string(dim) +
          (replicas > 1.0 ? ", " + base::number_text(replicas) + " replicas each," : ""),
      8.0 * static_cast<double>(dim) + replicas * (12.0 * static_cast<double>(dim) + 24.0));
}

evaluation::WalkOptions plan_of(const SampleCommand& command, const Target& target) {
  const std::int64_t steps = command.steps.value_or(target.n_steps);
  const bool has_draws =
      command.diagnose || !command.trace.empty() || !command.energy_trace.empty();
  require_steps("steps", steps, 0);
  base::require_at_least("n", command.n, 1);
  base::require_at_least("seed", command.seed, 0);
  const std::int64_t thinning = command.thinning.value_or(1);
  base::require_at_least("thinning", thinning, 1);
  if (command.thinning && !has_draws) {
    throw Error(
        ErrorCode::kUsage,
        "thinning = " + std::to_string(thinning) +
            ": is of the draws of --trace, --energy-trace and --diagnose; give one of them");
  }
  const std::int64_t burn_in = command.burn_in.value_or(command.adapt ? 1000 : 0);
  require_steps("burn-in", burn_in, command.adapt ? 1 : 0);
  if (has_draws && steps < thinning) {
    throw Error(ErrorCode::kUsage, "thinning = " + std::to_string(thinning) +
                                       ": must be at most the " + std::to_string(steps) +
                                       " steps, or there is no draw");
  }
  const std::int64_t n_draws = steps / thinning;
  const double n_values = static_cast<double>(n_draws) * static_cast<double>(command.n) *
                          static_cast<double>(target.energy->dim());
  if (command.diagnose && n_values > static_cast<double>(kMaxValues)) {
    throw Error(ErrorCode::kUsage, "diagnose: the draws would be " + base::number_text(n_values) +
                                       " numbers, and at most 1.07e9 are kept in memory; raise "
                                       "--thinning or lower --n");
  }
  return {.n = command.n,
          .burn_in = burn_in,
          .steps = steps,
          .thinning = thinning,
          .adapt = command.adapt,
          .target_acceptance = command.target_acceptance,
          .keep_draws = command.diagnose,
          .trace = command.trace,
          .energy_trace = command.energy_trace,
          .seed = static_cast<std::uint64_t>(command.seed),
          .n_threads = resolve_threads(command.threads),
          .on_progress = show_progress({.label = "sample"})};
}

samplers::Diagnosis diagnose(const SampleCommand& command, const evaluation::WalkOptions& plan,
                             const evaluation::Walk& walk, std::int64_t dim) {
  std::vector<double> acceptance;
  std::vector<std::int64_t> n_divergent;
  for (const samplers::ChainInfo& chain : walk.info.chains) {
    if (chain.n_transitions == 0) continue;
    acceptance.push_back(chain.acceptance());
    // As in Stan, a proposal that is not finite is one that diverged.
    n_divergent.push_back(chain.n_divergent + chain.n_non_finite);
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
                   const evaluation::Walk& walk) {
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

/// Two results in one file would leave only the later one.
void require_different_files(const SampleCommand& command) {
  const auto require = [](const char* option, const std::string& file, const char* other_option,
                          const std::string& other) {
    if (file.empty() || other.empty()) return;
    const auto absolute = [](const std::string& path) {
      return std::filesystem::weakly_canonical(std::filesystem::absolute(path));
    };
    if (absolute(file) != absolute(other)) return;
    throw Error(ErrorCode::kUsage, std::string(option) + " = " + file +
                                       ": must be another file than that of --" + other_option);
  };
  require("trace", command.trace, "out", command.out);
  require("energy-trace", command.energy_trace, "out", command.out);
  require("energy-trace", command.energy_trace, "trace", command.trace);
  require("adapt-out", command.adapt_out, "out", command.out);
  require("adapt-out", command.adapt_out, "trace", command.trace);
}

/// Makes an empty file under the first free name of samples.png, samples-2.png, ..., so that
/// nothing is overwritten that nobody named, whoever else is about to write here.
std::string new_samples_file() {
  for (int i = 1;; ++i) {
    std::string name = i == 1 ? "samples.png" : "samples-" + std::to_string(i) + ".png";
    if (std::FILE* file = std::fopen(name.c_str(), "wx")) {
      std::fclose(file);
      return name;
    }
    if (errno != EEXIST) {
      throw Error(ErrorCode::kIo, "cannot write " + name + ": " + std::strerror(errno));
    }
  }
}

void run(SampleCommand command, const Backends& backends) {
  const Target target = open_target(command.model, command.energy, command.backend, backends);
  std::optional<OutputKind> kind;
  const bool is_picture_wanted = command.out.empty() && command.trace.empty() &&
                                 command.energy_trace.empty() && command.adapt_out.empty() &&
                                 !command.diagnose;
  if (is_picture_wanted) {
    if (!is_drawable(target.shape, target.is_image)) {
      throw Error(ErrorCode::kUsage, "give --out FILE, --trace FILE.npy or --diagnose");
    }
    kind = OutputKind::kPng;
  } else if (!command.out.empty()) {
    kind = require_output(command.out, std::vector{OutputKind::kPng, OutputKind::kNpy});
  }
  if (!command.trace.empty()) {
    require_output(command.trace, std::vector{OutputKind::kNpy}, "trace");
  }
  if (!command.energy_trace.empty()) {
    require_output(command.energy_trace, std::vector{OutputKind::kNpy}, "energy-trace");
  }
  if (!command.adapt_out.empty()) base::require_writable(command.adapt_out);
  require_different_files(command);
  const evaluation::WalkOptions plan = plan_of(command, target);
  samplers::SamplerSettings settings = target.settings;
  const std::int64_t dim = target.energy->dim();
  apply_sampler_options(command.sampler, dim, plan.burn_in + plan.steps, settings);
  samplers::make_kernel(settings);  // names what is wrong before any work
  require_fits(command.n, dim, settings);
  if (command.adapt && !samplers::target_acceptance(settings.sampler)) {
    const bool has_none = !settings.inner || !samplers::target_acceptance(*settings.inner);
    throw Error(ErrorCode::kUsage,
                "adapt: " + samplers::sampler_name(settings.sampler) +
                    (has_none ? " has no accept step to adapt to; mala, hmc and nuts have"
                              : " is not adapted as a whole; adapt " +
                                    samplers::sampler_name(*settings.inner) +
                                    " by itself and give what it finds with --adapted"));
  }
  if (command.adapt && !command.sampler.adapted.empty()) {
    throw Error(ErrorCode::kUsage, "adapted = " + command.sampler.adapted +
                                       ": is there to spare --adapt; give one of them");
  }
  if (command.target_acceptance) {
    if (!command.adapt) throw Error(ErrorCode::kUsage, "target-acceptance: needs --adapt");
    base::require_between("target-acceptance", *command.target_acceptance, 0.01, 0.999);
  }
  if (!command.adapt_out.empty() && !command.adapt) {
    throw Error(ErrorCode::kUsage, "adapt-out = " + command.adapt_out + ": needs --adapt");
  }
  if (!command.data.empty() && command.init != "data") {
    throw Error(ErrorCode::kUsage, "data = " + command.data + ": needs --init data");
  }
  if (kind == OutputKind::kPng) require_drawable(command.out, target.shape, target.is_image);
  const std::vector<float> starts =
      evaluation::chain_starts({.init = command.init,
                                .data = command.data.empty() ? target.data : command.data,
                                .n = command.n,
                                .seed = plan.seed},
                               target.shape, settings.box, target.checkpoint);
  const evaluation::Walk walk = evaluation::walk_chains(*target.energy, starts, plan, settings);
  if (is_picture_wanted) command.out = new_samples_file();
  try {
    if (kind) write_samples(command, *kind, target, walk);
  } catch (...) {
    std::error_code ignored;  // what went wrong before is what is told
    if (is_picture_wanted) std::filesystem::remove(command.out, ignored);  // still empty
    throw;
  }
  if (!command.adapt_out.empty()) write_adapted(command.adapt_out, settings);
  SampleReport report{plan, settings, walk, command.out, std::nullopt};
  if (command.diagnose) report.diagnosis = diagnose(command, plan, walk, dim);
  if (command.json) {
    std::printf("%s\n", sample_json(report).dump(1).c_str());
  } else {
    std::printf("%s", sample_text(report).c_str());
  }
}

void add_target_options(CLI::App& sub, SampleCommand& command) {
  const auto add = [&](const char* name, auto& value, const std::string& what) {
    return sub.add_option(name, value, what)->group("What to walk on, and from where");
  };
  sub.add_option("MODEL", command.model, kModelHelp)->type_name("");
  add("--energy", command.energy, "toy:NAME[,KEY=VALUE]..., as listed below, instead of MODEL")
      ->type_name("TOY");
  add("--init", command.init,
      "noise (uniform on the box, N(0, I) without one), replay (chains of the checkpoint's "
      "buffer), data or FILE.npy")
      ->type_name("START")
      ->capture_default_str();
  add("--data", command.data, "SPEC that --init data starts from [that of the training]")
      ->type_name("SPEC");
  add("--n", command.n, "number of chains")->capture_default_str();
  add("--seed", command.seed, "of all random numbers")->capture_default_str();
}

void add_walk_options(CLI::App& sub, SampleCommand& command) {
  const char* group = "How far, and what to keep";
  const auto add = [&](const char* name, auto& value, const std::string& what) {
    return sub.add_option(name, value, what)->group(group);
  };
  add("--steps", command.steps, "steps of each chain [the model's own; toys 1000]");
  add("--burn-in", command.burn_in, "steps before those [0; 1000 with --adapt]");
  sub.add_flag("--adapt", command.adapt, "tune step size and mass during burn-in (mala, hmc, nuts)")
      ->group(group);
  add("--target-acceptance", command.target_acceptance, "of --adapt [mala 0.574; hmc, nuts 0.8]");
  add("--adapt-out", command.adapt_out, "FILE.json: what was found, for --adapted of later walks")
      ->type_name("FILE");
  add("--out", command.out,
      "FILE.png or FILE.npy: the states at the end [if nothing else is asked for, and they can be "
      "drawn: samples.png, or samples-2.png if there is one, ...]")
      ->type_name("FILE");
  add("--trace", command.trace, "FILE.npy: all draws, [steps / thinning, n, dim]")
      ->type_name("FILE");
  add("--energy-trace", command.energy_trace, "FILE.npy: their energies, [steps / thinning, n]")
      ->type_name("FILE");
  add("--thinning", command.thinning, "steps between draws of --trace and --diagnose [1]")
      ->type_name("INT");
  sub.add_flag("--diagnose", command.diagnose,
               "a table of means, errors, effective sample sizes and R-hat, with warnings")
      ->group(group);
  add("--threads", command.threads, "0: one a core; results do not depend on it")
      ->capture_default_str();
  add("--backend", command.backend, "of a MODEL: compiled or torch [compiled]");
  sub.add_flag("--json", command.json, "print one JSON document")->group(group);
}

}  // namespace

void add_sample_command(CLI::App& app, const Backends& backends) {
  auto command = std::make_shared<SampleCommand>();
  CLI::App* sub = app.add_subcommand("sample", "Draw samples from a model or a toy energy");
  add_target_options(*sub, *command);
  add_walk_options(*sub, *command);
  add_sampler_options(*sub, command->sampler);
  sub->footer("Toys: --energy toy:NAME[,KEY=VALUE]..., with their keys and defaults\n" +
              models::describe_toy_energies());
  sub->callback([command, backends] { run(*command, backends); });
}

}  // namespace ebm::app
