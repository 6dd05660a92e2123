#include "app/restore/plan.h"

#include "app/print.h"
#include "app/read_data.h"
#include "base/error.h"
#include "evaluation/restoration/restoration_starts.h"
#include "report/item_picture.h"
#include "report/output_file.h"

namespace ebm::app {

bool is_picture(const RestoreCommand& command) { return command.out.ends_with(".png"); }

void require_restorable(const RestoreCommand& command, const Target& target) {
  evaluation::require_restorable(target, command.model, command.request);
  seen_images_options(command).validate();
  const bool takes_data =
      !command.has_no_baselines || evaluation::takes_training_images(command.request.start());
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
          .noise_sd = command.request.noise_sd,
          .seed = static_cast<std::uint64_t>(command.request.seed),
          .on_read = show_reading(),
          .on_warning = print_warning};
}

}  // namespace ebm::app
