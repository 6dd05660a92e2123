#include "app/gan/sample.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "app/command_line.h"
#include "app/print.h"
#include "app/read_data.h"
#include "app/sample/sampler_options.h"
#include "app/show_progress.h"
#include "app/train/torch_parts.h"
#include "base/error.h"
#include "base/require.h"
#include "base/stop_signal.h"
#include "base/system/memory_limit.h"
#include "cli/help_text.h"
#include "data/item_shape.h"
#include "evaluation/live_quality.h"
#include "evaluation/sampling/sampler_overrides.h"
#include "gan/gan_model.h"
#include "gan/gan_sample_report.h"
#include "gan/generator_sampler.h"
#include "gan/latent_walk.h"
#include "report/item_picture.h"
#include "report/output_file.h"
#include "samplers/initial_states.h"
#include "torch_nets/intraop_threads.h"
#include "torch_nets/torch_net.h"
#include "training/sample_quality.h"

namespace ebm::app {
namespace {

struct GanSampleCommand {
  std::string model;
  std::int64_t n = 64;
  std::int64_t latent_steps = 0;
  std::int64_t seed = 0;
  std::int64_t threads = 0;
  std::string data;
  std::string features;
  std::string out;
  bool json = false;
  evaluation::SamplerOverrides sampler;
  std::optional<std::string> sampler_option;  ///< one that was given, for messages
};

constexpr auto kLatentSampler = samplers::SamplerKind::kMala;

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

/// The sampler of the latents, of which MALA is the default.
samplers::SamplerSettings settings_of(const GanSampleCommand& command, std::int64_t dim) {
  const auto& sampler = command.sampler.sampler;
  samplers::SamplerSettings settings;
  settings.sampler = sampler ? samplers::sampler_kind(*sampler) : kLatentSampler;
  settings.step_size = samplers::default_step_size(settings.sampler);
  evaluation::apply_overrides(command.sampler, dim, command.latent_steps, settings);
  samplers::make_kernel(settings);  // names what is wrong before any work
  return settings;
}

/// What samples, and with a walk its chains and their draws, take.
void require_memory(const GanSampleCommand& command, std::int64_t item_size,
                    std::int64_t latent_size) {
  const double latent = static_cast<double>(latent_size);
  const double draws = static_cast<double>(
      std::min<std::int64_t>(command.latent_steps, 2 * gan::LatentWalkOptions::kMaxDraws));
  base::require_memory(
      {.option = "n",
       .value = command.n,
       .what = "samples of " + std::to_string(item_size) + " values",
       .each = 8.0 * static_cast<double>(item_size) + (20.0 + 4.0 * draws) * (latent + 2.0)});
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
  return training::open_quality(command.features, "data = " + command.data,
                                {.n = command.n,
                                 .seed = static_cast<std::uint64_t>(command.seed),
                                 .n_threads = resolve_threads(command.threads)},
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
  const int n_threads = resolve_threads(command.threads);
  const gan::GanModel model = gan::read_gan_model(command.model, print_warning);
  const torch_nets::TorchNet generator(model.generator, model.generator_weights, model.origin,
                                       nets::Outputs::kAny);
  const nets::Shape made = nets::infer_shapes(model.generator).back();
  const data::ItemShape shape{made.channels, made.height, made.width};
  const bool is_image = made.height > 1 || made.width > 1;
  const std::int64_t latent_size = model.generator.input.size();
  require_memory(command, made.size(), latent_size);
  if (kind == report::OutputKind::kPng) report::require_drawable(command.out, shape, is_image);
  gan::GanSampleReport report{.n = command.n, .data = command.data, .out = command.out};
  const std::optional<evaluation::LiveQuality> quality = quality_of(command, shape);
  std::vector<float> latents(static_cast<std::size_t>(command.n * latent_size));
  samplers::draw_initial_states(
      {static_cast<std::uint64_t>(command.seed), base::Domain::kSampleInit}, 0, latent_size,
      std::nullopt, latents);

  const auto generate = [&] {
    auto rows = gan::generate(generator, latents, n_threads, stop);
    if (!rows) throw base::Stopped{stop};
    return *std::move(rows);
  };
  std::vector<float> rows;
  if (command.latent_steps > 0) report.settings = settings_of(command, latent_size);
  if (quality || command.latent_steps == 0) rows = generate();
  if (quality) report.fd_before = quality->distance_of(rows, "samples", stop);
  if (command.latent_steps > 0) {
    report.latent_steps = command.latent_steps;
    report.walk = gan::walk_latents(model, latents, *report.settings,
                                    {.n_steps = command.latent_steps,
                                     .seed = static_cast<std::uint64_t>(command.seed),
                                     .n_threads = n_threads,
                                     .on_progress = show_progress()});
    print_warnings(report.walk->warnings);
    latents = report.walk->latents;
    rows = generate();
    if (quality) report.fd_after = quality->distance_of(rows, "samples", stop);
  }
  base::throw_if_stopped(stop);
  if (kind) report::write_rows(command.out, *kind, rows, shape, is_image);
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
  sub->add_option("MODEL", command->model,
                  "run folder, checkpoint folder or .safetensors file of ebm gan train")
      ->required();
  sub->add_option("--n", command->n, "number of samples")->capture_default_str();
  sub->add_option("--latent-steps", command->latent_steps,
                  "MCMC steps on the latent energy |z|^2/2 - d(G(z))")
      ->capture_default_str();
  sub->add_option("--out", command->out, "FILE.png or FILE.npy: the samples")->type_name("FILE");
  sub->add_option("--data", command->data,
                  "images: report the FD of the samples from n of them, before and after the steps")
      ->type_name("SPEC");
  sub->add_option("--features", command->features, "feature network of the FD [shipped]")
      ->type_name("FILE");
  add_seed(*sub, command->seed);
  add_threads(*sub, command->threads);
  add_json(*sub, command->json);
  add_sampler_options(*sub, command->sampler, samplers::sampler_name(kLatentSampler).c_str(),
                      /*has_own=*/false);
  cli::add_examples(*sub, {"ebm gan sample run --n 100 --out samples.png",
                           "ebm gan sample run --latent-steps 100 --data fashion-mnist --n 2000"});
  sub->callback([command, sub] {
    command->sampler_option = given_sampler_option(*sub);
    run(*command);
  });
}

}  // namespace ebm::app
