#include "app/gan/sample.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "app/command_line.h"
#include "app/output_file.h"
#include "app/sample/sampler_options.h"
#include "app/show_progress.h"
#include "app/train/training_run.h"
#include "base/error.h"
#include "base/printed.h"
#include "base/require.h"
#include "base/stop_signal.h"
#include "cli/help_text.h"
#include "data/formats/npy.h"
#include "data/item_shape.h"
#include "data/load_dataset.h"
#include "evaluation/live_quality.h"
#include "evaluation/walk.h"
#include "gan/gan_model.h"
#include "gan/generator_sampler.h"
#include "gan/latent_energy.h"
#include "nets/compiled/compiled_net.h"
#include "nets/files/read_layer_weights.h"
#include "report/item_picture.h"
#include "samplers/diagnostics/diagnosis.h"
#include "samplers/initial_states.h"
#include "samplers/throughput/machine.h"
#include "torch_nets/intraop_threads.h"
#include "torch_nets/torch_net.h"

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
  SamplerOptions sampler;
  std::optional<std::string> sampler_option;  ///< one that was given, for messages
};

/// Draws that are kept of a walk, at even distances.
constexpr std::int64_t kMaxDraws = 200;
constexpr auto kLatentSampler = samplers::SamplerKind::kMala;

/// The result of a walk on the latents.
struct LatentWalk {
  samplers::SamplerSettings settings;
  std::optional<double> acceptance;
  double rhat = 0.0;  ///< the largest of the coordinates
};

/// Everything that is printed.
struct GanSampleReport {
  std::optional<LatentWalk> walk;
  std::optional<double> fd_before, fd_after;
};

/// Moves the latents by MCMC.
void walk_latents(const GanSampleCommand& command, const gan::GanModel& model,
                  std::vector<float>& latents, LatentWalk& walked) {
  const auto weighted = [&](const nets::Architecture& architecture,
                            const nets::SafetensorsFile& weights) {
    return gan::WeightedNet{architecture,
                            nets::read_layer_weights(architecture, weights, model.origin)};
  };
  const auto energy = gan::latent_energy(weighted(model.generator, model.generator_weights),
                                         weighted(model.critic, model.critic_weights));
  const std::int64_t dim = energy->dim();
  const auto& sampler = command.sampler.sampler;
  walked.settings.sampler = sampler ? samplers::sampler_kind(*sampler) : kLatentSampler;
  walked.settings.step_size = samplers::default_step_size(walked.settings.sampler);
  apply_sampler_options(command.sampler, dim, command.latent_steps, walked.settings);
  samplers::make_kernel(walked.settings);  // names what is wrong before any work
  const evaluation::WalkOptions plan{
      .n = command.n,
      .steps = command.latent_steps,
      .thinning = std::max<std::int64_t>(1, command.latent_steps / kMaxDraws),
      .keep_draws = true,
      .seed = static_cast<std::uint64_t>(command.seed),
      .n_threads = resolve_threads(command.threads),
      .on_progress = show_progress()};
  const evaluation::Walk walk = evaluation::walk_chains(*energy, latents, plan, walked.settings);
  latents = walk.rows;
  std::vector<double> acceptance;
  for (const samplers::ChainInfo& chain : walk.info.chains) {
    if (chain.n_transitions > 0) acceptance.push_back(chain.acceptance());
  }
  const samplers::Diagnosis diagnosis = samplers::diagnose({.n_draws = walk.n_draws,
                                                            .n_chains = plan.n,
                                                            .dim = dim,
                                                            .x = walk.draws,
                                                            .acceptance = acceptance},
                                                           {.n_threads = plan.n_threads});
  walked.acceptance = diagnosis.mean_acceptance();
  for (const samplers::ScalarSummary& row : diagnosis.rows) {
    // An unknown R-hat makes the largest unknown.
    if (std::isnan(row.rhat) || row.rhat > walked.rhat) walked.rhat = row.rhat;
    if (std::isnan(row.rhat)) break;
  }
}

std::string text_of(const GanSampleCommand& command, const GanSampleReport& report) {
  std::string text;
  if (report.walk) {
    text += base::printed("%lld steps of %s on the latents, step size %g, T = %g",
                          static_cast<long long>(command.latent_steps),
                          samplers::sampler_name(report.walk->settings.sampler).c_str(),
                          double{report.walk->settings.step_size},
                          double{report.walk->settings.temperature});
    if (report.walk->acceptance)
      text += base::printed("; acceptance %.3f", *report.walk->acceptance);
    text += std::isnan(report.walk->rhat)
                ? "; R-hat unknown: too few chains or steps\n"
                : base::printed("; largest R-hat %.4g\n", report.walk->rhat);
  }
  if (report.fd_before) {
    text += base::printed("FD-CNN from %s, n = %lld: %.5g", command.data.c_str(),
                          static_cast<long long>(command.n), *report.fd_before);
    if (report.fd_after) text += base::printed(" before the steps, %.5g after", *report.fd_after);
    text += "\n";
  }
  if (!command.out.empty()) {
    text += base::printed("%lld samples are in %s\n", static_cast<long long>(command.n),
                          command.out.c_str());
  }
  return text;
}

nlohmann::json json_of(const GanSampleCommand& command, const GanSampleReport& report) {
  nlohmann::json document{{"n", command.n}};
  if (!command.out.empty()) document["out"] = command.out;
  if (report.walk) {
    document["latent_steps"] = command.latent_steps;
    document["sampler"] = samplers::sampler_name(report.walk->settings.sampler);
    document["step_size"] = report.walk->settings.step_size;
    document["temperature"] = report.walk->settings.temperature;
    document["rhat"] = report.walk->rhat;
    if (report.walk->acceptance) document["acceptance"] = *report.walk->acceptance;
  }
  if (report.fd_before) document["fd_before"] = *report.fd_before;
  if (report.fd_after) document["fd"] = *report.fd_after;
  if (report.fd_before && !report.fd_after) document["fd"] = *report.fd_before;
  return document;
}

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

int run(const GanSampleCommand& command) {
  validate(command);
  std::optional<OutputKind> kind;
  if (!command.out.empty()) {
    kind = require_output(command.out, std::vector{OutputKind::kPng, OutputKind::kNpy});
  }
  const std::atomic<int>& stop = base::catch_stop_signals();
  torch_nets::use_one_intraop_thread();
  const int n_threads = resolve_threads(command.threads);
  const gan::GanModel model = gan::read_gan_model(command.model, [](const std::string& line) {
    std::fprintf(stderr, "ebm: %s\n", line.c_str());
  });
  const torch_nets::TorchNet generator(model.generator, model.generator_weights, model.origin,
                                       nets::Outputs::kAny);
  const nets::Shape made = nets::infer_shapes(model.generator).back();
  const data::ItemShape shape{made.channels, made.height, made.width};
  const bool is_image = made.height > 1 || made.width > 1;
  // With a walk, also what chains and draws of it take.
  const double latent = static_cast<double>(model.generator.input.size());
  const double draws =
      static_cast<double>(std::min<std::int64_t>(command.latent_steps, 2 * kMaxDraws));
  samplers::require_memory(
      command.n, "samples of " + std::to_string(made.size()) + " values",
      8.0 * static_cast<double>(made.size()) + (20.0 + 4.0 * draws) * (latent + 2.0));
  if (kind == OutputKind::kPng) report::require_drawable(command.out, shape, is_image);
  std::optional<evaluation::LiveQuality> quality;
  if (!command.data.empty()) {
    const data::Dataset dataset = data::load_dataset(command.data);
    if (dataset.shape != shape) {
      throw Error(ErrorCode::kShape, command.data + " has items of shape " +
                                         data::shape_text(dataset.shape) +
                                         "; the generator makes " + data::shape_text(shape));
    }
    quality = open_quality(
        command.features, "data = " + command.data,
        {.n = command.n, .seed = static_cast<std::uint64_t>(command.seed), .n_threads = n_threads},
        dataset);
  }
  std::vector<float> latents(static_cast<std::size_t>(command.n * model.generator.input.size()));
  samplers::draw_initial_states(
      {static_cast<std::uint64_t>(command.seed), base::Domain::kSampleInit}, 0,
      model.generator.input.size(), std::nullopt, latents);

  GanSampleReport report;
  const auto stopped = [&] {
    std::fprintf(stderr, "ebm: stopped by signal %d; nothing was written\n", stop.load());
    return base::exit_code_of_signal(stop);
  };
  auto rows = gan::generate(generator, latents, n_threads, stop);
  if (!rows) return stopped();
  if (quality) report.fd_before = quality->distance_of(*rows, "samples", stop);
  if (command.latent_steps > 0) {
    report.walk.emplace();
    walk_latents(command, model, latents, *report.walk);
    rows = gan::generate(generator, latents, n_threads, stop);
    if (!rows) return stopped();
    if (quality) report.fd_after = quality->distance_of(*rows, "samples", stop);
  }
  if (stop != 0) return stopped();
  if (kind == OutputKind::kPng) {
    report::write_picture(command.out, *rows, shape, is_image);
  } else if (kind == OutputKind::kNpy) {
    const std::vector<std::int64_t> whole{command.n, made.channels, made.height, made.width};
    data::write_npy(command.out, *rows,
                    is_image ? whole : std::vector<std::int64_t>{command.n, made.size()});
  }
  if (command.json) {
    std::printf("%s\n", json_of(command, report).dump(1).c_str());
  } else {
    std::printf("%s", text_of(command, report).c_str());
  }
  return 0;
}

}  // namespace

void add_gan_sample(CLI::App& gan, int& exit_code) {
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
  add_sampler_options(*sub, command->sampler, samplers::sampler_name(kLatentSampler).c_str());
  cli::add_examples(*sub, {"ebm gan sample run --n 100 --out samples.png",
                           "ebm gan sample run --latent-steps 100 --data fashion-mnist --n 2000"});
  sub->callback([command, sub, &exit_code] {
    command->sampler_option = given_sampler_option(*sub);
    exit_code = run(*command);
  });
}

}  // namespace ebm::app
