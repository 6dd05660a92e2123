#include "app/flow/invert.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "app/command_line.h"
#include "app/flow/command.h"
#include "app/print.h"
#include "app/read_data.h"
#include "app/target/open_target.h"
#include "base/names/choice.h"
#include "base/require.h"
#include "base/stop_signal.h"
#include "cli/help_text.h"
#include "data/batch_source.h"
#include "flow/flow_report.h"
#include "flow/flow_sampler.h"
#include "flow/open_flow.h"
#include "torch_nets/intraop_threads.h"

namespace ebm::app {
namespace {

struct FlowInvertCommand {
  std::string model;
  std::string data;
  std::int64_t n = 64;
  double tolerance = 1e-7;
  std::string precision = "double";
  std::int64_t seed = 0;
  std::int64_t threads = 0;
  bool json = false;
};

constexpr base::Choice<torch::ScalarType> kPrecisions[] = {{"double", torch::kFloat64},
                                                           {"single", torch::kFloat32}};

void run(FlowInvertCommand command) {
  base::require_at_least("n", command.n, 1);
  base::require_at_least("seed", command.seed, 0);
  base::require_positive("tolerance", command.tolerance);
  const auto precision =
      base::value_of<torch::ScalarType>("precision", kPrecisions, command.precision);
  const std::atomic<int>& stop = base::catch_stop_signals();
  torch_nets::use_one_intraop_thread();
  const flow::OpenedFlow opened = flow::open_flow(command.model, print_warning);
  const flow::ResidualFlow flow = opened.flow.frozen(precision);
  const bool are_own = command.data.empty();
  command.data = data_of(opened.data, opened.origin, command.data);
  const data::Dataset dataset = read_moved_data(are_own, [&] { return read_data(command.data); });
  flow::require_items_of(flow, dataset, command.data);
  const std::int64_t n = std::min(command.n, dataset.n);
  const auto rows = data::dequantized_rows(dataset, n, static_cast<std::uint64_t>(command.seed));
  const auto trip =
      flow::round_trip(flow, rows, command.tolerance, resolve_threads(command.threads), stop);
  if (!trip) throw base::Stopped{stop};
  if (command.json) return print_json(flow::round_trip_json(*trip, n));
  std::printf("%s", flow::round_trip_text(*trip, n, command.data, command.precision).c_str());
}

}  // namespace

void add_flow_invert(CLI::App& flow) {
  auto command = std::make_shared<FlowInvertCommand>();
  CLI::App* sub =
      flow.add_subcommand("invert", "Map data to latents and back, and report the error");
  sub->add_option("MODEL", command->model, kFlowModelHelp)->required();
  sub->add_option("--data", command->data, "data set [the flow's training data]")
      ->type_name("SPEC");
  sub->add_option("--n", command->n, "number of items, from the first")->capture_default_str();
  sub->add_option("--tolerance", command->tolerance, "bound on the inversion error of each block")
      ->capture_default_str();
  sub->add_option("--precision", command->precision, "double or single")->capture_default_str();
  add_seed(*sub, command->seed, "random seed of the dequantization");
  add_threads(*sub, command->threads);
  add_json(*sub, command->json);
  cli::add_examples(*sub, {"ebm flow invert run --data fashion-mnist#split=test --n 100"});
  sub->callback([command] { run(*command); });
}

}  // namespace ebm::app
