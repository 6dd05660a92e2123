#include "training/session_report.h"

#include <nlohmann/json.hpp>

#include "base/names/choice.h"
#include "base/quote.h"

namespace ebm::training {
namespace {

using End = TrainingLoop::End;

constexpr base::Choice<End> kEnds[] = {
    {"iterations", End::kIterations}, {"minutes", End::kMinutes}, {"signal", End::kSignal}};

}  // namespace

nlohmann::json session_json(const TrainingResult& result) {
  nlohmann::json document{{"run", result.folder.string()},
                          {"model", result.model.string()},
                          {"iteration", result.iteration},
                          {"end", base::name_of<End>("end", kEnds, result.end)},
                          {"picture", result.picture}};
  if (result.end == End::kMinutes) document["schedule_done"] = result.schedule_done;
  if (result.bf16_unit) {
    document["net_precision"] = "bf16";
    document["bf16_unit"] = *result.bf16_unit;
  }
  if (result.fd) document["fd"] = *result.fd;
  return document;
}

std::string session_text(const TrainingResult& result, const std::string& resume) {
  const std::string made = std::to_string(result.iteration),
                    all = made + " of " + std::to_string(result.n_iterations) + " iterations";
  const std::string where = "; the model is in " + base::one_line(result.model.string()) + "\n";
  const std::string go_on = "go on with: " + resume + "\n";
  if (result.end == End::kIterations) {
    return made + (result.iteration == 1 ? " iteration" : " iterations") + " made" + where;
  }
  if (result.end == End::kSignal) return "interrupted after " + all + where + go_on;
  std::string text = "time limit reached after " + all + where;
  if (result.schedule_done < 1.0 && result.iteration > 0) {
    text += "the learning rate has made " +
            std::to_string(static_cast<int>(100.0 * result.schedule_done)) +
            " % of its schedule; a run with --iterations " + made + " would make all of it\n";
  }
  return text + go_on;
}

}  // namespace ebm::training
