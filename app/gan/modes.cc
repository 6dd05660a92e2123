#include "app/gan/modes.h"

#include <cstdint>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "app/command_line.h"
#include "app/print.h"
#include "app/read_data.h"
#include "base/error.h"
#include "cli/help_text.h"
#include "gan/mode_coverage.h"

namespace ebm::app {
namespace {

struct ModesCommand {
  std::string samples;
  std::string toy;
  std::string classifier;
  std::int64_t threads = 0;
  bool json = false;
};

void run(const ModesCommand& command) {
  if (command.toy.empty() == command.classifier.empty()) {
    throw Error(ErrorCode::kUsage, "give either --data toy:NAME or --classifier FILE");
  }
  const data::Dataset samples = read_data(command.samples);
  const gan::ModeCoverage modes =
      command.toy.empty() ? gan::coverage_by_classifier(samples, command.classifier,
                                                        resolve_threads(command.threads))
                          : gan::coverage_of_toy(samples, command.toy);
  if (command.json) {
    nlohmann::json document{
        {"n", modes.n}, {"modes", modes.n_found}, {"n_modes", modes.n_modes}, {"kl", modes.kl}};
    if (modes.good) document["good"] = *modes.good;
    print_json(document);
    return;
  }
  print("%lld of %lld modes in %lld samples; ", static_cast<long long>(modes.n_found),
        static_cast<long long>(modes.n_modes), static_cast<long long>(modes.n));
  if (modes.good) print("%.2f %% of them good; ", 100.0 * *modes.good);
  print("KL from uniform %.4g nats\n", modes.kl);
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
  sub->add_option(
         "--classifier", command->classifier,
         "classifier of ebm features train: a mode is a combination of classes, one per channel")
      ->type_name("FILE");
  add_threads(*sub, command->threads);
  add_json(*sub, command->json);
  cli::add_examples(*sub, {"ebm gan sample run --n 2500 --out samples.npy",
                           "ebm gan modes --samples npy:samples.npy --data toy:25gaussians"});
  sub->callback([command] { run(*command); });
}

}  // namespace ebm::app
