#include "app/gan/modes.h"

#include <cstdint>
#include <cstdio>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "app/command_line.h"
#include "app/help_text.h"
#include "base/error.h"
#include "data/batch_source.h"
#include "data/load_dataset.h"
#include "data/spec.h"
#include "data/toys.h"
#include "metrics/class_histogram.h"
#include "metrics/mode_count.h"
#include "torch_nets/feature_net.h"
#include "torch_nets/intraop_threads.h"

namespace ebm::app {
namespace {

struct ModesCommand {
  std::string samples;
  std::string toy;
  std::string classifier;
  std::int64_t threads = 0;
  bool json = false;
};

/// 3 standard deviations of a mode.
constexpr double kRadius = 3.0;

struct Modes {
  std::int64_t n = 0;  ///< samples
  std::int64_t n_found = 0, n_modes = 0;
  std::optional<double> good;  ///< share of samples near a mode, of toys
  double kl = 0.0;             ///< from the uniform distribution over the modes, in nats
};

std::vector<float> rows_of(const data::Dataset& dataset) {
  const data::BatchSource source(dataset, {.batch_size = 1});
  std::vector<float> rows(static_cast<std::size_t>(dataset.n * source.dim()));
  source.fill_range(0, dataset.n, rows);
  return rows;
}

Modes modes_of_toy(const data::Dataset& samples, const std::string& spec) {
  const data::DataSpec toy = data::parse_spec(spec);
  const auto known = toy.scheme == data::Scheme::kToy ? data::toy_modes(toy.target) : std::nullopt;
  if (!known) {
    throw Error(
        ErrorCode::kUsage,
        "data = " + spec + ": must be toy:8gaussians or toy:25gaussians, whose modes are known");
  }
  const auto n_modes = static_cast<std::int64_t>(known->centres.size() / 2);
  const auto rows = rows_of(samples);
  const metrics::ModeCount found =
      metrics::count_modes({rows, samples.n, samples.shape.size(), samples.name},
                           {known->centres, n_modes, 2, spec}, kRadius * known->sd);
  Modes modes{.n = samples.n, .n_found = found.n_found, .n_modes = n_modes, .good = found.good};
  std::vector<std::int64_t> labels;
  for (std::size_t k = 0; k < found.counts.size(); ++k) {
    labels.insert(labels.end(), static_cast<std::size_t>(found.counts[k]),
                  static_cast<std::int64_t>(k));
  }
  modes.kl = labels.empty() ? std::numeric_limits<double>::quiet_NaN()
                            : metrics::class_histogram(labels, n_modes).kl_divergence;
  return modes;
}

/// A mode is what a classifier takes the channels for, one by one.
Modes modes_by_classifier(const data::Dataset& samples, const ModesCommand& command) {
  torch_nets::use_one_intraop_thread();
  const torch_nets::FeatureNet net = torch_nets::open_feature_net(
      command.classifier, {1, samples.shape.height, samples.shape.width});
  if (net.n_classes() == 0) {
    throw Error(ErrorCode::kBadData, command.classifier + ": is no classifier");
  }
  const auto rows = rows_of(samples);
  const auto seen = net.features_of(rows, samples.name, resolve_threads(command.threads));
  const std::int64_t channels = samples.shape.channels;
  Modes modes{.n = samples.n, .n_found = 0, .n_modes = 1, .good = std::nullopt};
  for (std::int64_t c = 0; c < channels; ++c) modes.n_modes *= net.n_classes();
  std::vector<std::int64_t> labels;
  for (std::int64_t i = 0; i < samples.n; ++i) {
    std::int64_t label = 0;
    for (std::int64_t c = 0; c < channels; ++c) {
      label = label * net.n_classes() + seen.classes[static_cast<std::size_t>(i * channels + c)];
    }
    labels.push_back(label);
  }
  const auto histogram = metrics::class_histogram(labels, modes.n_modes);
  modes.n_found = modes.n_modes - histogram.n_missing;
  modes.kl = histogram.kl_divergence;
  return modes;
}

void run(const ModesCommand& command) {
  if (command.toy.empty() == command.classifier.empty()) {
    throw Error(ErrorCode::kUsage, "give either --data toy:NAME or --classifier FILE");
  }
  const data::Dataset samples = data::load_dataset(command.samples);
  if (!command.classifier.empty() && samples.shape.channels > 3) {
    throw Error(ErrorCode::kBadData, samples.name + ": has " +
                                         std::to_string(samples.shape.channels) +
                                         " channels; images have 1 or 3");
  }
  const Modes modes = command.toy.empty() ? modes_by_classifier(samples, command)
                                          : modes_of_toy(samples, command.toy);
  if (command.json) {
    nlohmann::json document{
        {"n", modes.n}, {"modes", modes.n_found}, {"n_modes", modes.n_modes}, {"kl", modes.kl}};
    if (modes.good) document["good"] = *modes.good;
    std::printf("%s\n", document.dump(1).c_str());
    return;
  }
  std::printf("%lld of %lld modes in %lld samples; ", static_cast<long long>(modes.n_found),
              static_cast<long long>(modes.n_modes), static_cast<long long>(modes.n));
  if (modes.good) std::printf("%.2f %% of them good; ", 100.0 * *modes.good);
  std::printf("KL from uniform %.4g nats\n", modes.kl);
}

}  // namespace

void add_gan_modes(CLI::App& gan) {
  auto command = std::make_shared<ModesCommand>();
  CLI::App* sub = gan.add_subcommand("modes", "Count the modes that samples cover");
  sub->add_option("--samples", command->samples, "samples, usually npy:FILE")
      ->type_name("SPEC")
      ->required();
  sub->add_option("--data", command->toy,
                  "toy:8gaussians or toy:25gaussians: a sample is good within 3 standard "
                  "deviations of a mode")
      ->type_name("TOY");
  sub->add_option("--classifier", command->classifier,
                  "classifier of ebm features train: a mode is the class of each channel")
      ->type_name("FILE");
  add_threads(*sub, command->threads);
  add_json(*sub, command->json);
  add_examples(*sub, {"ebm gan sample run --n 2500 --out samples.npy",
                      "ebm gan modes --samples npy:samples.npy --data toy:25gaussians"});
  sub->callback([command] { run(*command); });
}

}  // namespace ebm::app
