#include "app/eval/classify_command.h"

#include <cstdio>
#include <filesystem>
#include <list>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/eval/classify_options.h"
#include "app/json_text.h"
#include "app/print.h"
#include "app/read_data.h"
#include "app/target/open_classes.h"
#include "base/atomic_file.h"
#include "base/error.h"
#include "base/require.h"
#include "cli/comma_list.h"
#include "cli/help_text.h"
#include "data/item_shape.h"
#include "evaluation/classification/classifier_run.h"
#include "evaluation/report/classification_report.h"
#include "report/confusion_matrix.h"
#include "report/output_file.h"
#include "report/page/run_picture.h"

namespace ebm::app {
namespace {
namespace fs = std::filesystem;

data::Dataset read_items(const std::string& spec, const Target& target) {
  data::Dataset dataset = read_data(spec);
  data::require_shape(dataset.shape, spec, target.shape);
  return dataset;
}

/// Sets the temperature, and where it is fitted the offsets and weights. @return what T is
std::string set_temperature(const ClassifyCommand& command, const Target& target,
                            const samplers::Energy& energy,
                            evaluation::ClassifierRunOptions& options) {
  const bool is_as_trained =
      command.temperature.empty() && command.fit_data.empty() && target.classify_weight > 0.0;
  const bool is_fitted =
      !is_as_trained && (command.temperature.empty() || command.temperature == "fit");
  if (!is_fitted) {
    const std::string given = command.no_offsets ? "no-offsets" : command.fit_n ? "fit-n" : "";
    if (!given.empty()) {
      throw Error(ErrorCode::kUsage, given + ": nothing is fitted; add --temperature fit");
    }
    if (is_as_trained) return "as trained, with cross-entropy";
    if (command.temperature == "recipe") {
      options.temperature = double{target.settings.temperature};
      return "of the recipe";
    }
    options.temperature = cli::number_of("temperature", command.temperature, ", recipe or fit");
    base::require_positive("temperature", options.temperature);
    return "given";
  }
  const bool are_own = command.fit_data.empty();
  const std::string spec = data_of(target.data, target.origin, command.fit_data);
  const data::Dataset dataset = read_moved_data(are_own, [&] { return read_items(spec, target); });
  const auto fit =
      evaluation::fit_classifier(energy, options, {spec, dataset}, !command.no_offsets);
  if (!fit) {
    print_warning("no temperature fits " + spec +
                  ", whose items are all classified rightly, or no better than by chance: T = 1");
    return "as none could be fitted";
  }
  options.temperature = fit->temperature;
  options.classes.offsets = fit->offsets;
  options.classes.weights = fit->weights;
  return "fitted to " + spec;
}

void write(const ClassifyCommand& command, const evaluation::ClassificationReport& report,
           const nlohmann::ordered_json& document) {
  if (!command.predictions.empty()) {
    base::write_file_atomically(command.predictions, evaluation::predictions_csv(report.run));
  }
  if (command.out.empty()) return;
  base::write_file_atomically(command.out, json_text(document) + "\n");
  const auto names = document.at("classes").get<std::vector<std::string>>();
  if (names.size() > report::kMaxConfusedClasses) return;
  const std::string png =
      report::png_bytes(report::confusion_matrix(names, report.run.test.confusion));
  const fs::path out(command.out);
  base::write_file_atomically(fs::path(out).replace_extension(".png"), png);
  report::add_run_picture(out.parent_path(), "confusion", png);
}

void run(const ClassifyCommand& command, const Backends& backends) {
  if (!command.out.empty()) report::require_output(command.out, {report::OutputKind::kJson});
  if (!command.predictions.empty()) {
    report::require_output(command.predictions, {report::OutputKind::kCsv}, "predictions");
  }
  const OpenClasses opened = open_classes(command.model, "ebm classify", command.by, backends);
  const Target& target = opened.target;
  if (target.classes < 2) {
    throw Error(ErrorCode::kUsage, command.model + " has one class; ebm classify needs two");
  }
  evaluation::ClassifierRunOptions options = classifier_options(command, opened);
  note_terms(command.model, target);
  const data::Dataset test = read_items(command.data, target);
  std::list<data::Dataset> sets;
  std::vector<evaluation::NamedData> others;
  for (const std::string& spec : command.ood) {
    sets.push_back(read_items(spec, target));
    others.push_back({spec, sets.back()});
  }
  // Differences of energies count, which bfloat16 rounds.
  const auto energy = target.in_float32 ? target.in_float32() : target.energy;
  evaluation::ClassificationReport report{.model = command.model,
                                          .data = command.data,
                                          .class_names = target.class_names,
                                          .temperature_from = {},
                                          .levels = levels_of(command),
                                          .weights = {},
                                          .noise_draws = command.noise_draws,
                                          .offsets = {},
                                          .run = {}};
  report.temperature_from = set_temperature(command, target, *energy, options);
  report.offsets = options.classes.offsets;
  report.weights = options.classes.weights;
  report.run = evaluation::run_classifier(*energy, options, {command.data, test}, others);
  nlohmann::ordered_json document = evaluation::classification_json(report);
  document["warnings"] = kept_warnings();
  write(command, report, document);
  if (command.json) {
    print_json(document);
  } else {
    std::printf("%s", evaluation::classification_text(report).c_str());
  }
}

}  // namespace

void add_classify_command(CLI::App& app, const Backends& backends) {
  auto command = std::make_shared<ClassifyCommand>();
  CLI::App* sub = app.add_subcommand(
      "classify", "Classify by energies with a label: accuracy, confusion, calibration, AUROC");
  add_classify_options(*sub, *command);
  cli::add_examples(*sub, {"ebm classify run --data fashion-mnist#split=test"});
  sub->callback([command, backends] { run(*command, backends); });
}

}  // namespace ebm::app
