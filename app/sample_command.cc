#include "app/sample_command.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "app/command_line.h"
#include "app/pictures.h"
#include "app/sample_start.h"
#include "app/stop_signal.h"
#include "app/toy_energy.h"
#include "base/error.h"
#include "data/npy.h"
#include "report/progress.h"
#include "samplers/run_chains.h"
#include "samplers/simd_target.h"

namespace ebm::app {
namespace {

struct SampleCommand {
  std::string model;
  std::string energy;
  std::int64_t n = 64;
  std::optional<std::int64_t> steps;
  std::string sampler = "langevin";
  std::string init = "noise";
  std::string data;
  std::optional<double> step_size;
  std::optional<double> noise_scale;
  std::optional<double> temperature;
  std::int64_t seed = 0;
  std::int64_t threads = 0;
  std::string out;
  bool json = false;
};

/// What is walked on, and how.
struct Target {
  std::shared_ptr<const samplers::Energy> energy;
  nets::SamplerRecipe recipe;
  data::ItemShape shape;
  bool is_image;
  std::string data;  ///< that the model was trained on, empty for a toy
  nets::CheckpointFiles checkpoint;
};

Target open_target(const SampleCommand& command, const OpenModel& open_model) {
  if (command.model.empty() == command.energy.empty()) {
    throw Error(ErrorCode::kUsage, "give either MODEL or --energy toy:NAME");
  }
  if (!command.energy.empty()) {
    auto energy = toy_energy(command.energy);
    const float step_size = 0.01f;
    const std::int64_t dim = energy->dim();
    return {.energy = std::move(energy),
            .recipe = {.langevin = {.step_size = step_size,
                                    .noise_scale = samplers::noise_scale_of(step_size, 1.0f)},
                       .n_steps = 1000},
            .shape = {dim, 1, 1},
            .is_image = false,
            .data = {},
            .checkpoint = {}};
  }
  nets::Model model = nets::read_model(command.model, [](const std::string& line) {
    std::fprintf(stderr, "ebm: %s\n", line.c_str());
  });
  const nets::Shape& input = model.architecture.input;
  return {.energy = open_model(model),
          .recipe = model.recipe,
          .shape = {input.channels, input.height, input.width},
          .is_image = model.recipe.langevin.box.has_value(),
          .data = model.data,
          .checkpoint = std::move(model.checkpoint)};
}

void apply_options(const SampleCommand& command, nets::SamplerRecipe& recipe) {
  samplers::LangevinOptions& langevin = recipe.langevin;
  const float temperature_before =
      samplers::effective_temperature(langevin.step_size, langevin.noise_scale);
  if (command.sampler != "langevin") {
    throw Error(ErrorCode::kUsage, "sampler = " + command.sampler + ": must be langevin");
  }
  if (command.steps) recipe.n_steps = *command.steps;
  if (recipe.n_steps < 0) {
    throw Error(ErrorCode::kUsage,
                "steps = " + std::to_string(recipe.n_steps) + ": must be 0 or more");
  }
  if (command.n < 1) {
    throw Error(ErrorCode::kUsage, "n = " + std::to_string(command.n) + ": must be at least 1");
  }
  if (command.seed < 0) {
    throw Error(ErrorCode::kUsage,
                "seed = " + std::to_string(command.seed) + ": must be 0 or more");
  }
  if (command.step_size) {
    langevin.step_size = static_cast<float>(*command.step_size);
    langevin.validate();
    // Another step keeps the temperature, not the noise.
    langevin.noise_scale = samplers::noise_scale_of(langevin.step_size, temperature_before);
  }
  if (command.noise_scale) langevin.noise_scale = static_cast<float>(*command.noise_scale);
  if (command.temperature) {
    langevin.noise_scale =
        samplers::noise_scale_of(langevin.step_size, static_cast<float>(*command.temperature));
  }
  langevin.validate();
}

/// Advances the chains in pieces, between which it shows progress and looks for a signal. The bits
/// do not depend on the pieces.
/// @return the signal that stopped it, or 0
int advance(const Target& target, const SampleCommand& command, samplers::ChainStore& chains) {
  const std::atomic<int>& stop = catch_stop_signals();
  const samplers::Langevin kernel(target.recipe.langevin);
  const std::int64_t n_steps = target.recipe.n_steps;
  std::int64_t piece = 1;
  report::Progress progress("sample");
  const auto start = std::chrono::steady_clock::now();
  for (std::int64_t step = 0, now = 0; step < n_steps; step += now) {
    if (stop != 0) return stop;
    now = std::min(piece, n_steps - step);
    samplers::run_chains(
        *target.energy, kernel, chains,
        {.n_steps = now,
         .first_step = static_cast<std::uint64_t>(step),
         .key = {static_cast<std::uint64_t>(command.seed), base::Domain::kSampleNoise},
         .n_threads = resolve_threads(command.threads)});
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    const double done = static_cast<double>(step + now) / static_cast<double>(n_steps);
    char rate[32];
    std::snprintf(rate, sizeof rate, "%.3g",
                  static_cast<double>(command.n * (step + now)) / seconds);
    // Pieces of about half a second: soon stopped, and long enough to keep chains in the cache.
    const double per_step = seconds / static_cast<double>(step + now);
    piece = static_cast<std::int64_t>(std::clamp(0.5 / per_step, 1.0, 1e6));
    progress.update(done, std::vector<report::ProgressField>{{"chain-steps/s", rate}},
                    seconds * (1.0 - done) / done);
  }
  return 0;
}

/// The walk checks the states that it evaluates; the last ones are evaluated only here.
void require_finite(const std::vector<float>& energies, const samplers::LangevinOptions& langevin) {
  for (std::size_t chain = 0; chain < energies.size(); ++chain) {
    if (std::isfinite(energies[chain])) continue;
    throw Error(ErrorCode::kDiverged, "chain " + std::to_string(chain) +
                                          " left the finite numbers: its energy at the end is " +
                                          std::to_string(energies[chain]) + "; " +
                                          samplers::Langevin(langevin).divergence_hint());
  }
}

void print_summary(const SampleCommand& command, const nets::SamplerRecipe& recipe,
                   const std::vector<float>& energies, double seconds) {
  double mean = 0.0, square = 0.0;
  for (const float e : energies) mean += e / static_cast<double>(energies.size());
  for (const float e : energies) square += (e - mean) * (e - mean);
  const double sd = std::sqrt(square / static_cast<double>(energies.size()));
  const samplers::LangevinOptions& langevin = recipe.langevin;
  const float temperature =
      samplers::effective_temperature(langevin.step_size, langevin.noise_scale);
  const double rate = static_cast<double>(command.n * recipe.n_steps) / seconds;
  if (command.json) {
    const nlohmann::json document{{"out", command.out},
                                  {"n", command.n},
                                  {"steps", recipe.n_steps},
                                  {"step_size", langevin.step_size},
                                  {"noise_scale", langevin.noise_scale},
                                  {"temperature", temperature},
                                  {"energy", {{"mean", mean}, {"sd", sd}}},
                                  {"seconds", seconds},
                                  {"chain_steps_per_s", rate},
                                  {"simd", samplers::simd_target()}};
    std::printf("%s\n", document.dump(1).c_str());
    return;
  }
  std::printf(
      "%lld samples in %s: %lld Langevin steps, step_size %g, noise_scale %g (T = %g%s), "
      "energy %.4g +- %.3g, %.3g chain-steps/s on %s\n",
      static_cast<long long>(command.n), command.out.c_str(),
      static_cast<long long>(recipe.n_steps), langevin.step_size, langevin.noise_scale, temperature,
      langevin.clamp_energy_grad ? ", but for the clamp of the gradient" : "", mean, sd, rate,
      samplers::simd_target().c_str());
}

int run(const SampleCommand& command, const OpenModel& open_model) {
  const OutputKind kind =
      require_output(command.out, std::vector{OutputKind::kPng, OutputKind::kNpy});
  Target target = open_target(command, open_model);
  apply_options(command, target.recipe);
  const std::int64_t dim = target.energy->dim();
  if (command.n > (std::int64_t{1} << 36) / dim) {
    throw Error(ErrorCode::kUsage, "n = " + std::to_string(command.n) +
                                       ": that many states of dim " + std::to_string(dim) +
                                       " do not fit in memory");
  }
  if (kind == OutputKind::kPng) require_drawable(command.out, target.shape, target.is_image);
  std::vector<float> rows = start_rows({.init = command.init,
                                        .data = command.data.empty() ? target.data : command.data,
                                        .n = command.n,
                                        .seed = static_cast<std::uint64_t>(command.seed)},
                                       target.shape, target.recipe.langevin.box, target.checkpoint);
  samplers::ChainStore chains(command.n, dim);
  chains.load_rows(rows);
  const auto start = std::chrono::steady_clock::now();
  if (const int signal = advance(target, command, chains); signal != 0) {
    std::fprintf(stderr, "ebm: stopped by signal %d; nothing was written\n", signal);
    return exit_code_of_signal(signal);
  }
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  chains.store_rows(rows);
  samplers::evaluate_chains(*target.energy, chains, resolve_threads(command.threads));
  std::vector<float> energies(static_cast<std::size_t>(command.n));
  chains.store_energy(energies);
  require_finite(energies, target.recipe.langevin);
  if (kind == OutputKind::kPng) {
    write_picture(command.out, rows, target.shape, target.is_image);
  } else if (target.is_image) {
    data::write_npy(command.out, rows,
                    std::vector<std::int64_t>{command.n, target.shape.channels, target.shape.height,
                                              target.shape.width});
  } else {
    data::write_npy(command.out, rows, std::vector<std::int64_t>{command.n, dim});
  }
  print_summary(command, target.recipe, energies, seconds);
  return 0;
}

}  // namespace

void add_sample_command(CLI::App& app, int& exit_code, const OpenModel& open_model,
                        const std::function<void()>& hand_over) {
  auto command = std::make_shared<SampleCommand>();
  CLI::App* sub = app.add_subcommand("sample", "Draw samples from a model or a toy energy");
  sub->add_option("MODEL", command->model, "run folder, checkpoint folder or .safetensors file");
  sub->add_option("--energy", command->energy, "toy:double-well[,dim=D] or toy:8gaussians");
  sub->add_option("--n", command->n, "number of chains")->capture_default_str();
  sub->add_option("--steps", command->steps, "Langevin steps [the model's own; toys 1000]");
  sub->add_option("--sampler", command->sampler, "langevin")->capture_default_str();
  sub->add_option("--init", command->init,
                  "noise (uniform on the box, N(0, I) without one), replay (chains of the "
                  "checkpoint's buffer), data or FILE.npy")
      ->capture_default_str();
  sub->add_option("--data", command->data,
                  "SPEC that --init data starts from [that of the training]");
  sub->add_option("--step-size", command->step_size, "[the model's own; toys 0.01]");
  CLI::Option* noise =
      sub->add_option("--noise-scale", command->noise_scale, "[the model's own; toys T = 1]");
  sub->add_option("--temperature", command->temperature, "T; noise-scale = sqrt(2 * step-size * T)")
      ->excludes(noise);
  sub->add_option("--seed", command->seed, "of all random numbers")->capture_default_str();
  sub->add_option("--threads", command->threads, "0: one a core; results do not depend on it")
      ->capture_default_str();
  sub->add_option("--out", command->out, "FILE.png or FILE.npy")->required();
  sub->add_flag("--json", command->json, "print one JSON document");
  sub->callback([command, &exit_code, open_model, hand_over] {
    if (!command->model.empty() && !open_model) hand_over();
    exit_code = run(*command, open_model);
  });
}

}  // namespace ebm::app
