#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/eval/options.h"
#include "app/target/open_target.h"

namespace ebm::app {

/// Checks what can be checked without reading anything.
/// @param given  given_options() of the command line
/// @throws Error(kUsage) naming the option; Error(kIo) if the document cannot be written
void validate(const EvalCommand& command, const std::vector<std::string>& given);

/// Whether there will be a film of a model's chains; a message says why not, where one might expect
/// it.
/// @throws Error(kIo) if its file cannot be written
bool takes_film(const EvalCommand& command, const Target& target);

/// FILE.json -> FILE-film.png
std::filesystem::path film_path(const std::filesystem::path& out);

}  // namespace ebm::app
