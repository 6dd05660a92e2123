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
#include "report/item_picture.h"
#include "report/output_file.h"

namespace ebm::app {
namespace {

struct DataCommand {
  std::string spec;
  std::string out;
  bool json = false;
};

nlohmann::json range_json(const data::ValueRange& range) {
  return {{"min", range.min}, {"max", range.max}, {"mean", range.mean}, {"sd", range.sd}};
}

void print_summary_json(const data::DatasetSummary& summary, const data::Dataset& dataset) {
  nlohmann::json classes = nlohmann::json::array();
  for (const auto& each : summary.classes) {
    classes.push_back({{"label", each.label}, {"name", each.name}, {"n", each.n}});
  }
  const nlohmann::json document{
      {"name", summary.name},
      {"n", summary.n},
      {"shape", {summary.shape.channels, summary.shape.height, summary.shape.width}},
      {"kind", summary.kind},
      {"is_image", summary.is_image},
      {"stored", range_json(summary.stored)},
      {"scaled", range_json(summary.scaled)},
      {"classes", classes},
      {"skipped", dataset.skipped}};
  print_json(document);
}

void print_summary(const data::DatasetSummary& summary) {
  const auto print_range = [](const char* name, const data::ValueRange& range) {
    print("%-8s min %.6g  max %.6g  mean %.6g  sd %.6g\n", name, range.min, range.max, range.mean,
          range.sd);
  };
  print("%-8s %s\n", "data", summary.name);
  print("%-8s %lld\n", "items", static_cast<long long>(summary.n));
  print("%-8s %lld x %lld x %lld (%s)\n", "shape", static_cast<long long>(summary.shape.channels),
        static_cast<long long>(summary.shape.height), static_cast<long long>(summary.shape.width),
        summary.kind.c_str());
  print_range("stored", summary.stored);
  print_range("scaled", summary.scaled);
  print("%-8s %zu\n", "classes", summary.classes.size());
  for (const auto& each : summary.classes) {
    print("  %4d %8lld  %s\n", each.label, static_cast<long long>(each.n), each.name);
  }
}

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
    print_summary_json(summary, dataset);
  } else {
    print_summary(summary);
    if (!command.out.empty()) print("%-8s %s\n", "picture", command.out.c_str());
  }
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
