#include "app/restore/plan.h"

#include "app/command_line.h"
#include "app/print.h"
#include "app/read_data.h"
#include "base/error.h"
#include "base/require.h"
#include "report/item_picture.h"
#include "report/output_file.h"

namespace ebm::app {

bool is_picture(const RestoreCommand& command) { return command.out.ends_with(".png"); }

void require_restorable(const RestoreCommand& command, const Target& target) {
  base::require_at_least("seed", command.seed, 0);
  if (!target.is_image) {
    throw Error(ErrorCode::kUsage,
                command.model + " is an energy of points; ebm restore takes a model of images");
  }
  seen_images_options(command).validate();
  const bool takes_data =
      !command.has_no_baselines || evaluation::takes_training_images(restoration_start(command));
  if (!takes_data && !command.data.empty()) {
    throw Error(ErrorCode::kUsage,
                "data = " + command.data + ": is for the baselines; not with --no-baselines");
  }
  report::require_output(command.out, {report::OutputKind::kPng, report::OutputKind::kNpy});
  if (is_picture(command)) report::require_drawable(command.out, target.shape, target.is_image);
  if (!command.mean_out.empty())
    report::require_output(command.mean_out, {report::OutputKind::kNpy}, "mean");
  if (!command.spread_out.empty())
    report::require_output(command.spread_out, {report::OutputKind::kNpy}, "spread");
}

evaluation::SeenImagesOptions seen_images_options(const RestoreCommand& command) {
  return {.observed = command.observed,
          .truth = command.truth,
          .simulates = command.simulates,
          .noise_sd = command.noise_sd,
          .seed = static_cast<std::uint64_t>(command.seed),
          .on_read = show_reading(),
          .on_warning = print_warning};
}

evaluation::RestorationStart restoration_start(const RestoreCommand& command) {
  return base::value_of<evaluation::RestorationStart>("init", evaluation::kRestorationStarts,
                                                      command.init);
}

evaluation::RestorationOptions restoration_options(const RestoreCommand& command,
                                                   const Target& target) {
  const int n_threads = resolve_threads(command.threads);
  return {.n = command.n,
          .noise_sd = command.noise_sd,
          .strength = command.strength,
          .walk = {.n = 1,
                   .burn_in = command.burn_in.steps(),
                   .steps = command.steps.value_or(target.n_steps),
                   .adapt = command.burn_in.adapts,
                   .seed = static_cast<std::uint64_t>(command.seed),
                   .n_threads = n_threads}};
}

}  // namespace ebm::app
