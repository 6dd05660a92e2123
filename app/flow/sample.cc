#include "app/flow/sample.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/command_line.h"
#include "app/flow/command.h"
#include "app/print.h"
#include "base/require.h"
#include "base/stop_signal.h"
#include "base/system/memory_limit.h"
#include "cli/help_text.h"
#include "flow/flow_sampler.h"
#include "flow/open_flow.h"
#include "report/item_picture.h"
#include "report/output_file.h"
#include "torch_nets/intraop_threads.h"

namespace ebm::app {
namespace {

struct FlowSampleCommand {
  std::string model;
  std::string out;
  std::int64_t n = 64;
  double temperature = 1.0;
  double tolerance = 1e-5;
  std::int64_t seed = 0;
  std::int64_t threads = 0;
  bool json = false;
};

void run(const FlowSampleCommand& command) {
  base::require_at_least("n", command.n, 1);
  base::require_at_least("seed", command.seed, 0);
  base::require_positive("temperature", command.temperature);
  base::to_float("temperature", command.temperature);  // throws if it has no such size
  base::require_positive("tolerance", command.tolerance);
  const report::OutputKind kind =
      report::require_output(command.out, {report::OutputKind::kPng, report::OutputKind::kNpy});
  const std::atomic<int>& stop = base::catch_stop_signals();
  torch_nets::use_one_intraop_thread();
  const flow::ResidualFlow flow = flow::open_flow(command.model, print_warning).flow;
  const nets::Shape& item = flow.architecture().item;
  const data::ItemShape shape{item.channels, item.height, item.width};
  const bool is_image = item.height > 1 || item.width > 1;
  // A latent, the sample, and copies of both on the way.
  base::require_memory({.option = "n",
                        .value = command.n,
                        .what = "samples of " + std::to_string(item.size()) + " values",
                        .each = 16.0 * static_cast<double>(item.size())});
  if (kind == report::OutputKind::kPng) report::require_drawable(command.out, shape, is_image);
  const auto samples =
      flow::draw_samples(flow, command.n, command.temperature,
                         {static_cast<std::uint64_t>(command.seed), base::Domain::kSampleInit}, 0,
                         command.tolerance, resolve_threads(command.threads), stop);
  if (!samples) throw base::Stopped{stop};
  report::write_rows(command.out, kind, samples->rows, shape, is_image);
  std::int64_t most = 0;
  for (const flow::BlockInverse& block : samples->blocks) most = std::max(most, block.iterations);
  if (command.json) {
    const nlohmann::json document{{"n", command.n}, {"out", command.out}, {"iterations", most}};
    print_json(document);
  } else {
    print("%lld samples are in %s; no block took more than %lld iterations to invert\n",
          static_cast<long long>(command.n), command.out, static_cast<long long>(most));
  }
}

}  // namespace

void add_flow_sample(CLI::App& flow) {
  auto command = std::make_shared<FlowSampleCommand>();
  CLI::App* sub = flow.add_subcommand("sample", "Draw samples from a flow");
  sub->add_option("MODEL", command->model, kFlowModelHelp)->required();
  sub->add_option("--n", command->n, "number of samples")->capture_default_str();
  sub->add_option("--temperature", command->temperature, "variance of the latents")
      ->capture_default_str();
  sub->add_option("--tolerance", command->tolerance, "bound on the inversion error of each block")
      ->capture_default_str();
  sub->add_option("--out", command->out, "FILE.png or FILE.npy: the samples")
      ->type_name("FILE")
      ->required();
  add_seed(*sub, command->seed);
  add_threads(*sub, command->threads);
  add_json(*sub, command->json);
  cli::add_examples(*sub, {"ebm flow sample run --n 100 --out samples.png"});
  sub->callback([command] { run(*command); });
}

}  // namespace ebm::app
