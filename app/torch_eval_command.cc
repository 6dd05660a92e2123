#include "app/torch_eval_command.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/command_line.h"
#include "app/eval_energies.h"
#include "app/eval_images.h"
#include "app/eval_report.h"
#include "app/feature_folder.h"
#include "app/open_target.h"
#include "app/sample_start.h"
#include "app/sample_walk.h"
#include "app/stop_signal.h"
#include "app/torch_model.h"
#include "base/atomic_file.h"
#include "base/error.h"
#include "base/require.h"
#include "metrics/gaussian_draws.h"
#include "torch_nets/feature_net.h"

namespace ebm::app {
namespace {

struct EvalCommand {
  std::string model;
  std::string data;
  std::vector<std::string> ood;
  std::optional<std::int64_t> n;
  std::optional<std::int64_t> steps;
  std::string features;
  std::string backend;
  std::int64_t seed = 0;
  std::int64_t threads = 0;
  std::string out;
  bool json = false;
};

/// Sets of images against the training images, in the features of one network.
class Judge {
 public:
  Judge(const torch_nets::FeatureNet& net, const ImageRows& reference, const EvalCommand& command,
        int n_threads)
      : net_(net),
        reference_(net.features_of(reference.rows, reference.name, n_threads)),
        options_{.n_classes = net.n_classes(),
                 .seed = static_cast<std::uint64_t>(command.seed),
                 .n_threads = n_threads} {
    if (reference_.n > reference_.d) return;
    const std::string needed = std::to_string(reference_.d + 1);
    throw Error(command.n ? ErrorCode::kUsage : ErrorCode::kBadData,
                "n = " + std::to_string(reference_.n) + ": a covariance of " +
                    std::to_string(reference_.d) + " features takes at least " + needed +
                    " images of each kind; " +
                    (command.n ? "give --n " + needed + " or more"
                               : command.data + " has too few for that"));
  }

  /// Of fewer images than there are references, as many references are taken.
  EvaluatedSet judge(const std::string& key, const ImageRows& images) const {
    const auto seen = net_.features_of(images.rows, images.name, options_.n_threads);
    return {key, images.name,
            metrics::sample_quality(first_of(reference_, seen.n, "training images"),
                                    first_of(seen, seen.n, images.name), options_)};
  }

  std::int64_t d() const { return reference_.d; }

 private:
  static metrics::SeenSet first_of(const torch_nets::ImageFeatures& features, std::int64_t n,
                                   const std::string& name) {
    const auto n_values = static_cast<std::size_t>(n * features.d);
    std::span<const std::int64_t> classes(features.classes);
    if (!classes.empty()) classes = classes.first(static_cast<std::size_t>(n));
    return {metrics::FeatureView(std::span(features.values).first(n_values), n, features.d, name),
            classes};
  }

  const torch_nets::FeatureNet& net_;
  torch_nets::ImageFeatures reference_;
  metrics::SampleQualityOptions options_;
};

/// Where the chains of one walk start.
struct Start {
  std::string key, name;
  std::vector<float> rows;
};

std::vector<Start> starts_of(const Target& target, const EvalImages& images, std::int64_t n,
                             std::int64_t least_n, std::uint64_t seed) {
  const auto read = [&](const char* init, std::int64_t how_many) {
    return start_rows({.init = init, .data = {}, .n = how_many, .seed = seed}, target.shape,
                      target.settings.box, target.checkpoint);
  };
  std::vector<Start> starts;
  starts.push_back({"noise", "noise", read("noise", n)});
  starts.push_back({"data", "data", images.starts.rows});
  // A chain is taken once: copies of few would look like a collapse of the model.
  const std::int64_t in_buffer = std::min(n, replay_size(target.checkpoint));
  if (in_buffer >= least_n) {
    starts.push_back({"buffer", "buffer", read("replay", in_buffer)});
  } else if (in_buffer > 0) {
    std::fprintf(stderr,
                 "ebm: the replay buffer holds %lld chains, fewer than the %lld that are needed; "
                 "it is left out\n",
                 static_cast<long long>(in_buffer), static_cast<long long>(least_n));
  }
  return starts;
}

/// What the same pipeline says of images whose quality is known.
std::vector<EvaluatedSet> anchors_of(const Judge& judge, const EvalImages& images,
                                     const data::ItemShape& shape, std::int64_t n,
                                     std::uint64_t seed, int n_threads) {
  ImageRows gaussian{"Gaussian of the pixels", n, {}};
  gaussian.rows = metrics::gaussian_draws(
      {images.fitted.rows, images.fitted.n, shape.size(), images.fitted.name},
      {.n = n, .key = {.seed = seed, .domain = base::Domain::kAnchorDraw}, .n_threads = n_threads});
  for (float& x : gaussian.rows) x = std::clamp(x, -1.0f, 1.0f);
  ImageRows uniform = uniform_images(n, shape.size(), seed);
  uniform.name = "uniform noise";
  return {judge.judge("test", images.test), judge.judge("gaussian", gaussian),
          judge.judge("uniform_noise", uniform)};
}

EvalReport report_of(const EvalCommand& command, const Target& target, const EvalImages& images,
                     const torch_nets::FeatureNet& net) {
  const samplers::SamplerSettings& settings = target.settings;
  return {.model = command.model,
          .data = images.train_name,
          .test = images.test_name,
          .features = net.description(),
          .is_classifier = net.n_classes() > 0,
          .n = images.reference.n,
          .steps = command.steps.value_or(target.n_steps),
          .step_size = settings.step_size,
          .noise_scale = settings.noise_scale.value_or(0.0f),
          .temperature = settings.temperature,
          .seed = static_cast<std::uint64_t>(command.seed),
          .seconds = 0.0,
          .samples = {},
          .anchors = {},
          .others = {}};
}

int run(const EvalCommand& command) {
  const auto start = std::chrono::steady_clock::now();
  base::require_at_least("seed", command.seed, 0);
  if (command.steps) base::require_between("steps", static_cast<double>(*command.steps), 0, 1e9);
  if (!command.out.empty()) {
    if (!command.out.ends_with(".json")) {
      throw Error(ErrorCode::kUsage, "out = " + command.out + ": must end in .json");
    }
    base::require_writable(command.out);
  }
  const int n_threads = resolve_threads(command.threads);
  const auto seed = static_cast<std::uint64_t>(command.seed);
  const Target target =
      open_target(command.model, "", command.backend, Backends{open_torch_model, nullptr});
  if (!target.is_image) {
    throw Error(ErrorCode::kUsage, command.model +
                                       " is a model of points, which have no features; ebm eval "
                                       "takes a model of images");
  }
  const EvalImages images =
      read_eval_images(command.data, target.shape, {.n = command.n, .seed = seed});
  const std::int64_t n = images.reference.n;
  std::vector<ImageRows> others = built_in_sets(images.test, target.shape, seed);
  for (const std::string& spec : command.ood) {
    others.push_back(read_other_images(spec, target.shape, n, seed));
  }
  const torch_nets::FeatureNet net = torch_nets::open_feature_net(
      command.features.empty() ? shipped_features(target.shape)
                               : std::filesystem::path(command.features),
      {target.shape.channels, target.shape.height, target.shape.width});
  const Judge judge(net, images.reference, command, n_threads);

  EvalReport report = report_of(command, target, images, net);
  samplers::SamplerSettings settings = target.settings;
  for (const Start& from : starts_of(target, images, n, judge.d() + 1, seed)) {
    const auto n_chains = static_cast<std::int64_t>(from.rows.size()) / target.shape.size();
    const Walk walk = walk_chains(*target.energy, from.rows,
                                  {.n = n_chains,
                                   .steps = report.steps,
                                   .trace = {},
                                   .energy_trace = {},
                                   .seed = seed,
                                   .n_threads = n_threads},
                                  settings);
    if (walk.stopped_by != 0) {
      std::fprintf(stderr, "ebm: stopped by signal %d; nothing was printed\n", walk.stopped_by);
      return exit_code_of_signal(walk.stopped_by);
    }
    report.samples.push_back(judge.judge(from.key, {from.name, n_chains, walk.rows}));
  }
  report.anchors = anchors_of(judge, images, target.shape, n, seed, n_threads);
  report.others = evaluate_others({*target.energy, images.test, n_threads}, others);
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();

  const std::string document = eval_json(report).dump(1) + "\n";
  if (!command.out.empty()) base::write_file_atomically(command.out, document);
  std::printf("%s", command.json ? document.c_str() : eval_text(report).c_str());
  return 0;
}

}  // namespace

void add_eval_command(CLI::App& app, int& exit_code) {
  auto command = std::make_shared<EvalCommand>();
  CLI::App* sub = app.add_subcommand(
      "eval", "Judge a model: its samples against data, and its energies of other data");
  sub->add_option("MODEL", command->model, "run folder, checkpoint folder or .safetensors file")
      ->required();
  sub->add_option("--data", command->data, "SPEC of the data it was trained on")
      ->type_name("SPEC")
      ->required();
  sub->add_option("--ood", command->ood, "SPEC of other data to tell apart; may be repeated")
      ->type_name("SPEC")
      ->take_all()
      ->allow_extra_args(false);
  sub->add_option("--n", command->n, "images of each kind [2000, or what there is]");
  sub->add_option("--steps", command->steps, "of each chain [the model's own]");
  sub->add_option("--features", command->features,
                  "FILE.safetensors of ebm features train, or a TorchScript FILE.pt [shipped]")
      ->type_name("FILE");
  sub->add_option("--seed", command->seed, "of all random numbers")->capture_default_str();
  sub->add_option("--threads", command->threads, "0: one a core; results do not depend on it")
      ->capture_default_str();
  sub->add_option("--backend", command->backend, "of the model: compiled or torch [compiled]");
  sub->add_option("--out", command->out, "FILE.json: the document of --json, as well")
      ->type_name("FILE");
  sub->add_flag("--json", command->json, "print one JSON document");
  sub->callback([command, &exit_code] { exit_code = run(*command); });
}

}  // namespace ebm::app
