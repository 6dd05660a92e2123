#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "app/eval/options.h"
#include "app/target/open_target.h"
#include "evaluation/evaluate.h"
#include "evaluation/report/evaluation_report.h"

namespace ebm::app {

/// Checks what can be checked without reading anything.
/// @param given  given_options() of the command line
/// @throws Error(kUsage) naming the option; Error(kIo) if the document cannot be written
void validate(const EvalCommand& command, const std::vector<std::string>& given);

evaluation::EvaluationOptions options_of(const EvalCommand& command);

/// Prints to stderr what is left out, and why, where one might expect it.
/// @throws Error(kUsage) for a model of points, or for options that do not fit the model
evaluation::ModelEvaluationOptions plan_of(const EvalCommand& command, const Target& target);

evaluation::EvaluatedModel evaluated_model(const EvalCommand& command, const Target& target);

/// FILE.json -> FILE-film.png
std::filesystem::path film_path(const std::filesystem::path& out);

}  // namespace ebm::app
