#include "app/inspect/data_command.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/command_line.h"
#include "app/print.h"
#include "app/read_data.h"
#include "cli/help_text.h"
#include "data/batch_source.h"
#include "data/describe.h"
#include "report/data_summary.h"
#include "report/item_picture.h"
#include "report/output_file.h"

namespace ebm::app {
namespace {

struct DataCommand {
  std::string spec;
  std::string out;
  bool json = false;
};

void run(const DataCommand& command) {
  if (!command.out.empty()) report::require_output(command.out, {report::OutputKind::kPng});
  const data::Dataset dataset = read_data(command.spec);
  const data::DatasetSummary summary = data::describe(dataset);
  if (!command.out.empty()) {
    const std::int64_t n = dataset.is_image ? std::min<std::int64_t>(dataset.n, 100) : dataset.n;
    std::vector<float> rows(static_cast<std::size_t>(n * dataset.shape.size()));
    data::BatchSource(dataset, {.batch_size = 1}).fill_range(0, n, rows);
    report::write_picture(command.out, rows, dataset.shape, dataset.is_image);
  }
  if (command.json) {
    nlohmann::json document = report::data_summary_json(summary);
    document["skipped"] = dataset.skipped;
    return print_json(document);
  }
  std::printf("%s", report::data_summary_text(summary).c_str());
  if (!command.out.empty()) print("%-8s %s\n", "picture", command.out.c_str());
}

}  // namespace

void add_data_command(CLI::App& app) {
  auto command = std::make_shared<DataCommand>();
  CLI::App* sub = app.add_subcommand("data", "Describe a data set: size, shape, range, classes");
  sub->add_option(
         "SPEC", command->spec,
         "fashion-mnist | idx:PATH | cifar10:FOLDER | images:FOLDER | npy:FILE | toy:NAME, "
         "with options after a #, as in images:FOLDER#size=32,gray=1: split=test, limit=N, "
         "class=K, item=K, size=32, gray=1, stack=1, layout=nhwc, background=white, skip_bad=1, "
         "seed=K")
      ->required();
  sub->add_option("--out", command->out,
                  "FILE.png for the first 100 images, or the density of points")
      ->type_name("FILE");
  add_json(*sub, command->json);
  cli::add_examples(*sub, {"ebm data images:photos#size=32 --out grid.png"});
  sub->callback([command] { run(*command); });
}

}  // namespace ebm::app
