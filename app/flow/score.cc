#include "app/flow/score.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "app/command_line.h"
#include "app/flow/command.h"
#include "app/print.h"
#include "app/read_data.h"
#include "app/target/open_target.h"
#include "base/error.h"
#include "base/require.h"
#include "base/stop_signal.h"
#include "cli/given_options.h"
#include "cli/help_text.h"
#include "data/batch_source.h"
#include "evaluation/report/score_file.h"
#include "flow/flow_report.h"
#include "flow/flow_score.h"
#include "flow/open_flow.h"
#include "report/output_file.h"
#include "torch_nets/intraop_threads.h"

namespace ebm::app {
namespace {

struct FlowScoreCommand {
  std::string model;
  std::string data;
  std::string out;
  std::string log_det = "auto";
  std::int64_t n = 0;
  std::int64_t threads = 0;
  std::int64_t seed = 0;
  bool json = false;
  flow::FlowScoreOptions options;
  std::vector<std::string> given;  ///< options of a series on the command line
};

/// Options of the log-determinant's series, by their group in --help.
constexpr const char* kSeriesGroup = "Series of the log-determinant";

/// Refuses options that the chosen log-determinant ignores.
void require_used(const FlowScoreCommand& command, std::int64_t dim) {
  const flow::LogDet kind = command.options.log_det_of(dim);
  const std::string& asked = command.log_det;
  const std::string log_det = base::name_of("log-det", flow::kLogDets, kind);
  for (const std::string& name : command.given) {
    const bool is_of_roulette = name == "roulette";
    if (kind == flow::LogDet::kRoulette) continue;
    if (kind == flow::LogDet::kSeries && !is_of_roulette) continue;
    throw Error(ErrorCode::kUsage,
                name + ": is for --log-det " + (is_of_roulette ? "" : "series or ") + "roulette; " +
                    (asked == log_det ? "" : asked + " is ") + log_det + " here");
  }
}

void run(FlowScoreCommand command) {
  base::require_at_least("n", command.n, 0);
  base::require_at_least("seed", command.seed, 0);
  command.options.log_det =
      base::value_of<flow::LogDet>("log-det", flow::kLogDets, command.log_det);
  command.options.seed = static_cast<std::uint64_t>(command.seed);
  command.options.n_threads = resolve_threads(command.threads);
  command.options.validate();
  std::optional<report::OutputKind> kind;
  if (!command.out.empty()) {
    kind =
        report::require_output(command.out, {report::OutputKind::kNpy, report::OutputKind::kCsv});
  }
  const std::atomic<int>& stop = base::catch_stop_signals();
  torch_nets::use_one_intraop_thread();
  const flow::OpenedFlow opened = flow::open_flow(command.model, print_warning);
  const flow::ResidualFlow flow = opened.flow.frozen(torch::kFloat32);
  const bool are_own = command.data.empty();
  command.data = data_of(opened.data, opened.origin, command.data);
  const data::Dataset dataset = read_moved_data(are_own, [&] { return read_data(command.data); });
  flow::require_items_of(flow, dataset, command.data);
  const std::int64_t n = command.n == 0 ? dataset.n : std::min(command.n, dataset.n);
  require_used(command, dataset.shape.size());
  const auto rows = data::dequantized_rows(dataset, n, command.options.seed);
  const auto log_p = flow::log_densities(flow, rows, command.options, stop);
  if (!log_p) throw base::Stopped{stop};
  const flow::DensitySummary score =
      flow::summarize_densities(*log_p, dataset, flow, command.options);
  if (!std::isfinite(score.nats)) {
    throw Error(ErrorCode::kDiverged, "a log-density of " + command.data + " is not finite");
  }
  if (kind) {
    std::vector<float> energies(log_p->size());
    std::transform(log_p->begin(), log_p->end(), energies.begin(),
                   [](double each) { return static_cast<float>(-each); });
    evaluation::write_scores(command.out, energies, dataset);
  }
  const flow::DensityReport report{score, command.options, command.data, dataset.shape.size(),
                                   command.out};
  if (command.json) return print_json(flow::density_json(report));
  std::printf("%s", flow::density_text(report).c_str());
}

}  // namespace

void add_flow_score(CLI::App& flow) {
  auto command = std::make_shared<FlowScoreCommand>();
  CLI::App* sub = flow.add_subcommand("score", "Log-density of every item, and bits per dimension");
  sub->add_option("MODEL", command->model, kFlowModelHelp)->required();
  sub->add_option("--data", command->data, "data set [the flow's training data]")
      ->type_name("SPEC");
  sub->add_option("--n", command->n, "number of items, from the first; 0 = all")
      ->capture_default_str();
  sub->add_option("--out", command->out, "FILE.npy (float32 [n]) or FILE.csv: -ln p of each item")
      ->type_name("FILE");
  sub->add_option("--log-det", command->log_det,
                  "log-determinants: exact (whole Jacobians), series (truncated), roulette "
                  "(unbiased), or auto: exact up to 16 dimensions, else series")
      ->capture_default_str();
  sub->add_option("--terms", command->options.terms, "number of terms")
      ->capture_default_str()
      ->group(kSeriesGroup);
  sub->add_option("--roulette", command->options.roulette, "probability of each further term")
      ->capture_default_str()
      ->group(kSeriesGroup);
  sub->add_option("--probes", command->options.probes, "random probes per item and block")
      ->capture_default_str()
      ->group(kSeriesGroup);
  add_seed(*sub, command->seed, "random seed of probes and dequantization");
  add_threads(*sub, command->threads);
  add_json(*sub, command->json);
  cli::add_examples(*sub, {"ebm flow score run --data fashion-mnist#split=test",
                           "ebm flow score run --data toy:8gaussians --out log_p.csv"});
  sub->callback([command, sub] {
    command->given = cli::given_options(*sub, {kSeriesGroup});
    run(*command);
  });
}

}  // namespace ebm::app
