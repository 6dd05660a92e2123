#include "app/eval/torch_command.h"

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
#include "app/eval/report.h"
#include "app/eval/torch_walks.h"
#include "app/feature_folder.h"
#include "app/flow/data.h"
#include "app/pictures.h"
#include "app/show_progress.h"
#include "app/target/open_target.h"
#include "app/target/torch_model.h"
#include "base/atomic_file.h"
#include "base/error.h"
#include "base/require.h"
#include "base/stop_signal.h"
#include "evaluation/energy_comparison.h"
#include "evaluation/feature_comparison.h"
#include "evaluation/image_sets.h"
#include "metrics/gaussian_draws.h"
#include "samplers/kernels/langevin.h"
#include "torch_nets/feature_net.h"

namespace ebm::app {
namespace {

constexpr std::int64_t kLongRun = 10000;

struct EvalCommand {
  std::string model;
  std::string samples;
  std::string data;
  std::vector<std::string> ood;
  std::optional<std::int64_t> n;
  std::optional<std::int64_t> steps;
  std::optional<std::int64_t> long_run;
  std::optional<std::int64_t> temperatures;
  std::string features;
  std::string backend;
  std::int64_t seed = 0;
  std::int64_t threads = 0;
  std::string out;
  bool json = false;
};

/// What the same pipeline says of images whose quality is known.
std::vector<evaluation::EvaluatedSet> anchors_of(const evaluation::FeatureComparison& judge,
                                                 const evaluation::EvaluationImages& images,
                                                 const data::ItemShape& shape, std::int64_t n,
                                                 std::uint64_t seed, int n_threads) {
  evaluation::ImageRows gaussian{"Gaussian of the pixels", n, {}};
  gaussian.rows = metrics::gaussian_draws(
      {images.fitted.rows, images.fitted.n, shape.size(), images.fitted.name},
      {.n = n, .key = {.seed = seed, .domain = base::Domain::kAnchorDraw}, .n_threads = n_threads});
  for (float& x : gaussian.rows) x = std::clamp(x, -1.0f, 1.0f);
  evaluation::ImageRows uniform = evaluation::uniform_images(n, shape.size(), seed);
  uniform.name = "uniform noise";
  return {judge.compare_test("test"), judge.compare("gaussian", gaussian),
          judge.compare("uniform_noise", uniform)};
}

EvaluatedModel model_of(const EvalCommand& command, const Target& target) {
  const samplers::SamplerSettings& settings = target.settings;
  return {.name = command.model,
          .file = target.origin,
          .steps = command.steps.value_or(target.n_steps),
          .step_size = settings.step_size,
          .noise_scale = settings.noise_scale.value_or(
              samplers::noise_scale_of(settings.step_size, settings.temperature)),
          .temperature = settings.temperature};
}

EvalReport report_of(const EvalCommand& command, const evaluation::EvaluationImages& images,
                     const torch_nets::FeatureNet& net) {
  return {.model = {},
          .data = images.train_name,
          .test = images.test_name,
          .features = net.description(),
          .is_classifier = net.n_classes() > 0,
          .n = images.reference.n,
          .seed = static_cast<std::uint64_t>(command.seed),
          .seconds = 0.0,
          .samples = {},
          .anchors = {},
          .others = {},
          .energies = {},
          .log_z = {},
          .long_run = {},
          .film = {}};
}

/// Other data by their energies, and histograms of all energies.
void compare_energies(const samplers::Energy& energy, const evaluation::EvaluationImages& images,
                      const std::vector<evaluation::ImageRows>& others,
                      const std::vector<float>& of_samples, int n_threads, EvalReport& report) {
  const evaluation::ScoredImages test{images.test,
                                      evaluation::energies_of(energy, images.test, n_threads)};
  std::vector<evaluation::EnergySet> sets{
      {"training data", evaluation::energies_of(energy, images.reference, n_threads)},
      {"test", test.energies},
      {"samples from noise", of_samples}};
  const std::size_t n_core = sets.size();
  std::vector<evaluation::ScoredImages> scored;
  for (const evaluation::ImageRows& other : others) {
    scored.push_back({other, evaluation::energies_of(energy, other, n_threads)});
    sets.push_back({other.name, scored.back().energies});
  }
  report.others = evaluation::detect_ood(test, scored, n_threads);
  report.energies = evaluation::energy_histograms(sets, n_core);
}

/// Steps that chains from noise go on to, 0 for no further.
std::int64_t long_run_of(const EvalCommand& command, std::int64_t own_steps) {
  const std::int64_t steps = command.long_run.value_or(std::max(kLongRun, own_steps));
  if (steps > 0) evaluation::long_run_stops(own_steps, steps);  // throws unless there are some
  return steps;
}

/// Temperatures of the path to log Z, 0 for none.
std::int64_t temperatures_of(const EvalCommand& command, const Target& target) {
  const std::int64_t n =
      command.temperatures.value_or(evaluation::LogZBoundsOptions::kDefaultTemperatures);
  if (n == 0 || target.settings.temperature > 0.0f) return n;
  const std::string why = "the recipe has no noise, so that T is 0 and there is no density";
  if (command.temperatures) {
    throw Error(ErrorCode::kUsage, "temperatures = " + std::to_string(n) + ": " + why);
  }
  std::fprintf(stderr, "ebm: %s: log Z is left out\n", why.c_str());
  return 0;
}

/// FILE.json -> FILE-film.png
std::filesystem::path film_path(const std::filesystem::path& out) {
  std::filesystem::path path = out;
  return path.replace_filename(out.stem().string() + "-film.png");
}

/// Whether there will be a film; a line tells why not, where one might expect it.
bool takes_film(const EvalCommand& command, const Target& target, std::int64_t long_run) {
  if (command.out.empty() || long_run == 0) return false;
  if (!is_drawable(target.shape, target.is_image)) {
    std::fprintf(stderr, "ebm: images of %lld channels make no picture; there is no film\n",
                 static_cast<long long>(target.shape.channels));
    return false;
  }
  base::require_writable(film_path(command.out));
  return true;
}

/// Samples have no energy and no recipe.
void require_no_model_options(const EvalCommand& command) {
  for (const auto& [name, is_given] :
       {std::pair{"ood", !command.ood.empty()}, std::pair{"steps", command.steps.has_value()},
        std::pair{"long-run", command.long_run.has_value()},
        std::pair{"temperatures", command.temperatures.has_value()},
        std::pair{"backend", !command.backend.empty()}}) {
    if (!is_given) continue;
    throw Error(ErrorCode::kUsage, std::string(name) + ": is of a MODEL, not of --samples");
  }
}

void validate(const EvalCommand& command) {
  if (command.model.empty() == command.samples.empty()) {
    throw Error(ErrorCode::kUsage, "give either a MODEL or --samples SPEC");
  }
  if (!command.samples.empty()) require_no_model_options(command);
  base::require_at_least("seed", command.seed, 0);
  if (command.steps) base::require_between("steps", static_cast<double>(*command.steps), 0, 1e9);
  if (command.long_run) {
    base::require_between("long-run", static_cast<double>(*command.long_run), 0, 1e9);
  }
  const std::int64_t n_temperatures = command.temperatures.value_or(0);
  if (n_temperatures != 0 && (n_temperatures < 2 || n_temperatures > 100'000'000)) {
    throw Error(ErrorCode::kUsage, "temperatures = " + std::to_string(n_temperatures) +
                                       ": must be 0 or from 2 to 100000000");
  }
  if (command.out.empty()) return;
  if (!command.out.ends_with(".json")) {
    throw Error(ErrorCode::kUsage, "out = " + command.out + ": must end in .json");
  }
  base::require_writable(command.out);
}

torch_nets::FeatureNet features_of(const EvalCommand& command, const data::ItemShape& shape) {
  return torch_nets::open_feature_net(
      command.features.empty() ? shipped_features(shape) : std::filesystem::path(command.features),
      {shape.channels, shape.height, shape.width});
}

/// Features of a small network take no time worth a bar.
evaluation::OnProgress show_features_progress() {
  return show_progress({.label = "features", .phase_name = "of", .quiet_seconds = 3.0});
}

using Clock = std::chrono::steady_clock;

/// Writes and prints the document.
void tell(const EvalCommand& command, EvalReport& report, const std::optional<FilmStrip>& film,
          Clock::time_point start) {
  report.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  const std::string document = eval_json(report).dump(1) + "\n";
  if (film) base::write_file_atomically(film_path(command.out), film->png());
  if (!command.out.empty()) base::write_file_atomically(command.out, document);
  std::printf("%s", command.json ? document.c_str() : eval_text(report).c_str());
}

/// Samples from elsewhere: of a generator, of another program.
void run_samples(const EvalCommand& command) {
  const auto start = Clock::now();
  const int n_threads = resolve_threads(command.threads);
  const auto seed = static_cast<std::uint64_t>(command.seed);
  const data::Dataset samples = evaluation::read_samples(command.samples);
  if (samples.n < command.n.value_or(0)) {
    throw Error(ErrorCode::kBadData, "n = " + std::to_string(*command.n) + ": " + samples.name +
                                         " has " + std::to_string(samples.n) + " images");
  }
  const evaluation::EvaluationImages images = evaluation::read_evaluation_images(
      command.data, samples.shape,
      {.n = command.n,
       .seed = seed,
       .default_n = std::min(evaluation::EvaluationImageOptions{}.default_n, samples.n),
       .taker = "the samples are"});
  const std::int64_t n = images.reference.n;
  const torch_nets::FeatureNet net = features_of(command, samples.shape);
  const evaluation::FeatureComparison judge(
      net, images.reference, images.test,
      {.is_n_given = command.n.has_value(),
       .data = samples.n == n ? command.samples : command.data,
       .seed = seed,
       .n_threads = n_threads,
       .on_progress = show_features_progress()});
  EvalReport report = report_of(command, images, net);
  report.samples = {
      judge.compare("samples", evaluation::random_images(samples, n, seed, command.samples))};
  report.anchors = anchors_of(judge, images, samples.shape, n, seed, n_threads);
  base::throw_if_stopped(base::catch_stop_signals());
  tell(command, report, std::nullopt, start);
}

void run_model(const EvalCommand& command) {
  const auto start = Clock::now();
  const int n_threads = resolve_threads(command.threads);
  const auto seed = static_cast<std::uint64_t>(command.seed);
  const Target target = open_target(command.model, "", command.backend,
                                    Backends{open_torch_model, nullptr, open_flow_target});
  if (!target.is_image) {
    throw Error(ErrorCode::kUsage, command.model +
                                       " is a model of points, which have no features; ebm eval "
                                       "takes a model of images");
  }
  const std::int64_t steps = command.steps.value_or(target.n_steps);
  const std::int64_t long_run = long_run_of(command, steps);
  const std::int64_t n_temperatures = temperatures_of(command, target);
  const bool film = takes_film(command, target, long_run);
  const evaluation::EvaluationImages images = evaluation::read_evaluation_images(
      command.data, target.shape, {.n = command.n, .seed = seed});
  const std::int64_t n = images.reference.n;
  std::vector<evaluation::ImageRows> others =
      evaluation::built_in_sets(images.test, target.shape, seed);
  if (auto classes = evaluation::read_other_classes(command.data, target.shape, n, seed)) {
    others.push_back(std::move(*classes));
  }
  for (const std::string& spec : command.ood) {
    others.push_back(evaluation::read_other_images(spec, target.shape, n, seed));
  }
  const torch_nets::FeatureNet net = features_of(command, target.shape);
  const evaluation::FeatureComparison judge(net, images.reference, images.test,
                                            {.is_n_given = command.n.has_value(),
                                             .data = command.data,
                                             .seed = seed,
                                             .n_threads = n_threads,
                                             .on_progress = show_features_progress()});

  const EvalWalks walks = walk_and_judge(target, images, judge,
                                         {.steps = steps,
                                          .long_run = long_run,
                                          .takes_film = film,
                                          .seed = seed,
                                          .n_threads = n_threads,
                                          .on_progress = show_progress({.label = "sample"})});
  EvalReport report = report_of(command, images, net);
  report.model = model_of(command, target);
  report.samples = walks.samples;
  report.long_run = walks.long_run;
  if (walks.film) {
    report.film = FilmOfReport{film_path(command.out).filename().string(), walks.film->steps(),
                               walks.film->n_chains()};
  }
  report.anchors = anchors_of(judge, images, target.shape, n, seed, n_threads);
  compare_energies(*target.energy, images, others, walks.noise_energies, n_threads, report);
  base::throw_if_stopped(base::catch_stop_signals());
  if (n_temperatures > 0) {
    report.log_z =
        evaluation::bound_log_z(target.energy, images.dequantized_test.rows, walks.oldest,
                                {.temperature = target.settings.temperature,
                                 .n_temperatures = n_temperatures,
                                 .box = target.settings.box,
                                 .seed = seed,
                                 .n_threads = n_threads,
                                 .on_progress = show_progress({.label = "logz"})});
  }
  tell(command, report, walks.film, start);
}

void run(const EvalCommand& command) {
  validate(command);
  command.samples.empty() ? run_model(command) : run_samples(command);
}

}  // namespace

void add_eval_command(CLI::App& app) {
  auto command = std::make_shared<EvalCommand>();
  CLI::App* sub = app.add_subcommand("eval",
                                     "FeatureComparison a model, its samples against data and its "
                                     "energies of other data, or samples alone");
  sub->add_option("MODEL", command->model, kModelHelp);
  sub->add_option("--samples", command->samples,
                  "SPEC of images in place of a MODEL: npy:FILE of ebm gan sample, or any others")
      ->type_name("SPEC");
  sub->add_option("--data", command->data, "SPEC of the data that it was trained on")
      ->type_name("SPEC")
      ->required();
  sub->add_option("--ood", command->ood, "SPEC of other data to tell apart; may be repeated")
      ->type_name("SPEC")
      ->take_all()
      ->allow_extra_args(false);
  sub->add_option("--n", command->n, "images of each kind [2000, or what there is]");
  sub->add_option("--steps", command->steps, "of each chain [the model's own]");
  sub->add_option("--long-run", command->long_run,
                  "steps that chains from noise go on to, 0: none [" + std::to_string(kLongRun) +
                      ", or those of each chain]");
  sub->add_option("--temperatures", command->temperatures,
                  "values of beta on the way to log Z, 0: no log Z [" +
                      std::to_string(evaluation::LogZBoundsOptions::kDefaultTemperatures) + "]");
  sub->add_option("--features", command->features,
                  "FILE.safetensors of ebm features train, or a TorchScript FILE.pt [shipped]")
      ->type_name("FILE");
  sub->add_option("--seed", command->seed, "of all random numbers")->capture_default_str();
  sub->add_option("--threads", command->threads, "0: one a core; results do not depend on it")
      ->capture_default_str();
  sub->add_option("--backend", command->backend, "of the model: compiled or torch [compiled]");
  sub->add_option("--out", command->out,
                  "FILE.json: the document of --json, as well; FILE-film.png shows chains")
      ->type_name("FILE");
  sub->add_flag("--json", command->json, "print one JSON document");
  sub->callback([command] { run(*command); });
}

}  // namespace ebm::app
