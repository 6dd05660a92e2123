#include "app/gan/sample.h"

#include <cstdint>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "app/command_line.h"
#include "app/gan/sample_options.h"
#include "app/print.h"
#include "app/read_data.h"
#include "app/sample/sampler_options.h"
#include "app/show_progress.h"
#include "app/train/torch_parts.h"
#include "base/error.h"
#include "base/require.h"
#include "base/stop_signal.h"
#include "cli/help_text.h"
#include "data/item_shape.h"
#include "evaluation/live_quality.h"
#include "evaluation/sampling/sampler_overrides.h"
#include "gan/gan_model.h"
#include "gan/gan_sample_report.h"
#include "gan/gan_samples.h"
#include "report/item_picture.h"
#include "report/output_file.h"
#include "torch_nets/intraop_threads.h"
#include "training/sample_quality.h"

namespace ebm::app {
namespace {

void validate(const GanSampleCommand& command) {
  base::require_at_least("n", command.n, 1);
  base::require_at_least("seed", command.seed, 0);
  base::require_at_least("latent-steps", command.latent_steps, 0);
  if (command.out.empty() && command.data.empty()) {
    throw Error(ErrorCode::kUsage, "give --out FILE, or --data SPEC for a distance from data");
  }
  if (command.latent_steps == 0 && command.sampler_option) {
    throw Error(ErrorCode::kUsage, *command.sampler_option + ": requires --latent-steps K");
  }
  if (!command.features.empty() && command.data.empty()) {
    throw Error(ErrorCode::kUsage, "features = " + command.features + ": requires --data");
  }
}

gan::GanSampleOptions options_of(const GanSampleCommand& command) {
  const int n_threads = resolve_threads(command.threads);
  return {.n = command.n,
          .latent_steps = command.latent_steps,
          .seed = static_cast<std::uint64_t>(command.seed),
          .n_threads = n_threads};
}

/// The sampler of the latents.
samplers::SamplerSettings settings_of(const GanSampleCommand& command, std::int64_t dim) {
  const auto& sampler = command.sampler.sampler;
  samplers::SamplerSettings settings = gan::GanSampleOptions().settings;
  if (sampler) settings.sampler = samplers::sampler_kind(*sampler);
  settings.step_size = samplers::default_step_size(settings.sampler);
  evaluation::apply_overrides(command.sampler, dim, command.latent_steps, settings);
  samplers::make_kernel(settings);  // names what is wrong before any work
  return settings;
}

/// What compares samples with the data, if there are any.
std::optional<evaluation::LiveQuality> quality_of(const GanSampleCommand& command,
                                                  const data::ItemShape& shape) {
  if (command.data.empty()) return std::nullopt;
  const data::Dataset dataset = read_data(command.data);
  if (dataset.shape != shape) {
    throw Error(ErrorCode::kShape, command.data + " has items of shape " +
                                       data::shape_text(dataset.shape) + "; the generator makes " +
                                       data::shape_text(shape));
  }
  const int n_threads = resolve_threads(command.threads);
  return training::open_quality(
      command.features, "data = " + command.data,
      {.n = command.n, .seed = static_cast<std::uint64_t>(command.seed), .n_threads = n_threads},
      dataset, torch_parts().open_script);
}

void run(const GanSampleCommand& command) {
  validate(command);
  std::optional<report::OutputKind> kind;
  if (!command.out.empty()) {
    kind =
        report::require_output(command.out, {report::OutputKind::kPng, report::OutputKind::kNpy});
  }
  const std::atomic<int>& stop = base::catch_stop_signals();
  torch_nets::use_one_intraop_thread();
  gan::GanSampleOptions options = options_of(command);
  const gan::GanModel model = gan::read_gan_model(command.model, print_warning);
  const nets::Shape made = nets::infer_shapes(model.generator).back();
  const data::ItemShape shape{made.channels, made.height, made.width};
  const bool is_image = made.height > 1 || made.width > 1;
  options.require_memory(model);
  if (kind == report::OutputKind::kPng) report::require_drawable(command.out, shape, is_image);
  const std::optional<evaluation::LiveQuality> quality = quality_of(command, shape);
  options.quality = evaluation::reference_to(quality);
  if (options.latent_steps > 0) {
    options.settings = settings_of(command, model.generator.input.size());
    options.on_progress = show_progress();
  }
  const gan::GanSamples samples = gan::draw_gan_samples(model, options, stop);
  if (samples.walk) print_warnings(samples.walk->warnings);
  if (kind) report::write_rows(command.out, *kind, samples.rows, shape, is_image);
  const gan::GanSampleReport report{options, samples, command.data, command.out};
  if (command.json) {
    print_json(gan::gan_sample_json(report));
  } else {
    std::printf("%s", gan::gan_sample_text(report).c_str());
  }
}

}  // namespace

void add_gan_sample(CLI::App& gan) {
  auto command = std::make_shared<GanSampleCommand>();
  CLI::App* sub = gan.add_subcommand(
      "sample", "Draw samples from a generator, optionally with MCMC on its latents");
  add_gan_sample_options(*sub, *command);
  cli::add_examples(*sub, {"ebm gan sample run --n 100 --out samples.png",
                           "ebm gan sample run --latent-steps 100 --data fashion-mnist --n 2000"});
  sub->callback([command, sub] {
    command->sampler_option = given_sampler_option(*sub);
    run(*command);
  });
}

}  // namespace ebm::app
