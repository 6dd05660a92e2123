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
#include "app/machine.h"
#include "app/pictures.h"
#include "app/sample/sampler_options.h"
#include "app/show_progress.h"
#include "app/train/training_run.h"
#include "base/error.h"
#include "base/printed.h"
#include "base/require.h"
#include "base/stop_signal.h"
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
#include "samplers/diagnostics/diagnosis.h"
#include "samplers/initial_states.h"
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

/// R-hat takes halves of chains; more draws than these are left out evenly.
constexpr std::int64_t kMaxDraws = 200;
constexpr auto kLatentSampler = samplers::SamplerKind::kMala;

/// What a walk among the latents came to.
struct LatentWalk {
  samplers::SamplerSettings settings;
  std::optional<double> acceptance;
  double rhat = 0.0;  ///< the largest of the coordinates
};

/// Everything that is told.
struct GanSampleReport {
  std::optional<LatentWalk> walk;
  std::optional<double> fd_before, fd_after;
};

/// Moves the latents.
void walk_latents(const GanSampleCommand& command, const gan::GanModel& model,
                  std::vector<float>& latents, LatentWalk& told) {
  const auto weighted = [&](const nets::Architecture& architecture,
                            const nets::SafetensorsFile& weights) {
    return gan::WeightedNet{architecture,
                            nets::read_layer_weights(architecture, weights, model.origin)};
  };
  const auto energy = gan::latent_energy(weighted(model.generator, model.generator_weights),
                                         weighted(model.critic, model.critic_weights));
  const std::int64_t dim = energy->dim();
  const auto& sampler = command.sampler.sampler;
  told.settings.sampler = sampler ? samplers::sampler_kind(*sampler) : kLatentSampler;
  told.settings.step_size = samplers::default_step_size(told.settings.sampler);
  apply_sampler_options(command.sampler, dim, command.latent_steps, told.settings);
  samplers::make_kernel(told.settings);  // names what is wrong before any work
  const evaluation::WalkOptions plan{
      .n = command.n,
      .steps = command.latent_steps,
      .thinning = std::max<std::int64_t>(1, command.latent_steps / kMaxDraws),
      .keep_draws = true,
      .seed = static_cast<std::uint64_t>(command.seed),
      .n_threads = resolve_threads(command.threads),
      .on_progress = show_progress()};
  const evaluation::Walk walk = evaluation::walk_chains(*energy, latents, plan, told.settings);
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
  told.acceptance = diagnosis.mean_acceptance();
  for (const samplers::ScalarSummary& row : diagnosis.rows) {
    // One that is not known is not hidden by the others.
    if (std::isnan(row.rhat) || row.rhat > told.rhat) told.rhat = row.rhat;
    if (std::isnan(row.rhat)) break;
  }
}

std::string text_of(const GanSampleCommand& command, const GanSampleReport& report) {
  std::string text;
  if (report.walk) {
    text += base::printed("latents walked %lld steps by %s, step size %g, T = %g",
                          static_cast<long long>(command.latent_steps),
                          samplers::sampler_name(report.walk->settings.sampler).c_str(),
                          double{report.walk->settings.step_size},
                          double{report.walk->settings.temperature});
    if (report.walk->acceptance)
      text += base::printed("; acceptance %.3f", *report.walk->acceptance);
    text += std::isnan(report.walk->rhat)
                ? "; R-hat unknown, of so few chains or steps\n"
                : base::printed("; largest R-hat %.4g\n", report.walk->rhat);
  }
  if (report.fd_before) {
    text += base::printed("FD-CNN from %s, n = %lld: %.5g", command.data.c_str(),
                          static_cast<long long>(command.n), *report.fd_before);
    if (report.fd_after) text += base::printed(" before the walk, %.5g after", *report.fd_after);
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
    throw Error(ErrorCode::kUsage, *command.sampler_option + ": needs --latent-steps K");
  }
  if (!command.features.empty() && command.data.empty()) {
    throw Error(ErrorCode::kUsage, "features = " + command.features + ": needs --data");
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
  require_memory(command.n, "samples of " + std::to_string(made.size()) + " values",
                 8.0 * static_cast<double>(made.size()) + (20.0 + 4.0 * draws) * (latent + 2.0));
  if (kind == OutputKind::kPng) require_drawable(command.out, shape, is_image);
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
    write_picture(command.out, *rows, shape, is_image);
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
  CLI::App* sub =
      gan.add_subcommand("sample", "Draw from a generator, and let its critic improve the latents");
  sub->add_option("MODEL", command->model,
                  "run folder, checkpoint folder or .safetensors file of ebm gan train")
      ->required();
  sub->add_option("--n", command->n, "number of samples")->capture_default_str();
  sub->add_option("--latent-steps", command->latent_steps,
                  "steps of the latents on |z|^2/2 - d(G(z)) before")
      ->capture_default_str();
  sub->add_option("--data", command->data,
                  "SPEC of images: tells the FD from n of them, before and after the steps");
  sub->add_option("--features", command->features, "FILE to compute the FD in [the shipped ones]");
  sub->add_option("--out", command->out, "FILE.png or FILE.npy");
  sub->add_option("--seed", command->seed, "of all random numbers")->capture_default_str();
  sub->add_option("--threads", command->threads, "0: one a core; results do not depend on it")
      ->capture_default_str();
  sub->add_flag("--json", command->json, "print one JSON document");
  add_sampler_options(*sub, command->sampler, samplers::sampler_name(kLatentSampler).c_str());
  sub->callback([command, sub, &exit_code] {
    command->sampler_option = given_sampler_option(*sub);
    exit_code = run(*command);
  });
}

}  // namespace ebm::app
