#include "app/restore/plan.h"

#include <utility>

#include "app/command_line.h"
#include "app/output_file.h"
#include "app/print.h"
#include "app/read_data.h"
#include "base/error.h"
#include "base/number_text.h"
#include "base/require.h"
#include "base/system/memory_limit.h"
#include "report/item_picture.h"

namespace ebm::app {

bool is_picture(const RestoreCommand& command) { return command.out.ends_with(".png"); }

void require_restorable(const RestoreCommand& command, const Target& target) {
  base::require_at_least("seed", command.seed, 0);
  if (!target.is_image) {
    throw Error(ErrorCode::kUsage,
                command.model + " is an energy of points; ebm restore takes a model of images");
  }
  if (command.simulates && !command.truth.empty()) {
    throw Error(ErrorCode::kUsage, "truth = " + command.truth +
                                       ": not valid with --simulate, whose --observed are the true "
                                       "images");
  }
  const bool takes_data =
      !command.has_no_baselines || evaluation::takes_training_images(restoration_start(command));
  if (!takes_data && !command.data.empty()) {
    throw Error(ErrorCode::kUsage,
                "data = " + command.data + ": is for the simple answers; not with --no-baselines");
  }
  require_output(command.out, std::vector{OutputKind::kPng, OutputKind::kNpy});
  if (is_picture(command)) report::require_drawable(command.out, target.shape, target.is_image);
  const std::vector npy{OutputKind::kNpy};
  if (!command.mean_out.empty()) require_output(command.mean_out, npy, "mean");
  if (!command.spread_out.empty()) require_output(command.spread_out, npy, "spread");
}

evaluation::RestorationStart restoration_start(const RestoreCommand& command) {
  return base::value_of<evaluation::RestorationStart>("init", evaluation::kRestorationStarts,
                                                      command.init);
}

evaluation::RestorationOptions restoration_options(const RestoreCommand& command,
                                                   const Target& target) {
  return {.n = command.n,
          .noise_sd = command.noise_sd,
          .strength = command.strength,
          .walk = {.n = 1,
                   .burn_in = command.burn_in.value_or(command.adapt ? 1000 : 0),
                   .steps = command.steps.value_or(target.n_steps),
                   .adapt = command.adapt,
                   .seed = static_cast<std::uint64_t>(command.seed),
                   .n_threads = resolve_threads(command.threads)}};
}

SeenImages read_seen_images(const RestoreCommand& command,
                            const evaluation::ObservationOperator& observed,
                            const data::ItemShape& shape) {
  const auto read = [](evaluation::ReadImages images) {
    print_warnings(images.warnings);
    return std::move(images.rows);
  };
  SeenImages seen;
  if (command.simulates) {
    seen.truth = read(evaluation::read_images(command.observed, shape, show_reading()));
    seen.y = evaluation::simulate_observations(observed, seen.truth, command.noise_sd,
                                               static_cast<std::uint64_t>(command.seed));
    return seen;
  }
  seen.y = read(evaluation::read_observations(command.observed, observed, show_reading()));
  if (command.truth.empty()) return seen;
  seen.truth = read(evaluation::read_images(command.truth, shape, show_reading()));
  const std::int64_t n = static_cast<std::int64_t>(seen.y.size()) / observed.a->output_dim();
  const std::int64_t n_true = static_cast<std::int64_t>(seen.truth.size()) / shape.size();
  if (n != n_true) {
    throw Error(ErrorCode::kShape, "truth = " + command.truth + ": " + std::to_string(n_true) +
                                       " images; must be as many as observed, " +
                                       std::to_string(n));
  }
  return seen;
}

void require_fits(const evaluation::RestorationOptions& options,
                  const evaluation::ObservationOperator& observed, const SeenImages& seen) {
  const auto m = static_cast<double>(observed.a->output_dim());
  const auto dim = static_cast<double>(observed.a->dim());
  // Start, state, gradient and result of a chain; its observation in rows and in lanes.
  base::require_memory({.option = "n",
                        .value = options.n,
                        .what = "samples of each image",
                        .each = static_cast<double>(seen.y.size()) / m * (16.0 * dim + 8.0 * m)});
}

std::vector<std::string> restoration_warnings(const evaluation::ObservationOperator& observed,
                                              const evaluation::RestorationOptions& options,
                                              const samplers::SamplerSettings& settings) {
  const double pull = evaluation::observation_pull(observed, options, settings);
  if (pull < 2.0) return {};
  return {"a step moves " + base::number_text(pull) +
          " times as far as to the observation, and from 2 on chains oscillate; take a smaller "
          "--step-size or --strength"};
}

}  // namespace ebm::app
