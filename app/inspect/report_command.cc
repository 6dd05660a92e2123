#include "app/inspect/report_command.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/command_line.h"
#include "app/print.h"
#include "base/atomic_file.h"
#include "base/error.h"
#include "base/path_kind.h"
#include "cli/help_text.h"
#include "nets/files/model.h"
#include "report/output_file.h"
#include "report/page/figure_names.h"
#include "report/page/html_report.h"
#include "report/page/page_data.h"
#include "report/page/run_record.h"

namespace ebm::app {
namespace {
namespace fs = std::filesystem;

struct ReportCommand {
  std::string run;
  std::string out;
  bool json = false;
};

/// The names of the classes that figures of the run are of; none where its model has none, is not
/// there yet, or cannot be read: the page then shows labels.
std::vector<std::string> class_names_of(const std::string& run, const report::RunRecord& record) {
  const auto is_of_class = [](const auto& column) {
    return report::column_of_class(column.name).has_value();
  };
  if (std::ranges::none_of(record.metrics.columns, is_of_class)) return {};
  if (!base::is_folder(fs::path(run) / "checkpoints")) return {};
  try {
    return nets::read_model(run, print_warning).class_names;
  } catch (const Error& error) {
    print_warning(std::string(error.what()) + "; classes are shown without names");
    return {};
  }
}

void run(const ReportCommand& command) {
  if (!base::is_folder(command.run)) {
    throw Error(ErrorCode::kNoInput, base::no_such_file(command.run, "run folder"));
  }
  const fs::path out =
      command.out.empty() ? fs::path(command.run) / "report.html" : fs::path(command.out);
  report::require_output(out, {report::OutputKind::kHtml});
  report::RunRecord record = report::read_run(command.run);
  record.class_names = class_names_of(command.run, record);
  const std::string page = report::html_report(record);
  base::write_file_atomically(out, page);

  std::size_t n_pictures = 0;
  for (const auto& samples : record.samples) n_pictures += samples.png_of.size();
  const std::size_t n_charts = report::charts_of(record.metrics).size();
  const std::size_t n_rows = record.metrics.iterations.size();
  if (command.json) {
    const nlohmann::json document{{"run", command.run},
                                  {"out", out.string()},
                                  {"bytes", page.size()},
                                  {"rows", n_rows},
                                  {"charts", n_charts},
                                  {"pictures", n_pictures},
                                  {"evaluated", !record.evaluation.is_empty()}};
    print_json(document);
  } else {
    print("%s: %.1f MB, %zu charts of %zu rows, %zu pictures\n", out.string(),
          static_cast<double>(page.size()) / 1e6, n_charts, n_rows, n_pictures);
  }
}

}  // namespace

void add_report_command(CLI::App& app) {
  auto command = std::make_shared<ReportCommand>();
  CLI::App* sub = app.add_subcommand("report", "Write an HTML page about a training run");
  sub->add_option("RUN", command->run, "run folder")->required();
  sub->add_option("--out", command->out, "output [RUN/report.html]")->type_name("FILE.html");
  add_json(*sub, command->json);
  cli::add_examples(*sub, {"ebm report run"});
  sub->callback([command] { run(*command); });
}

}  // namespace ebm::app
