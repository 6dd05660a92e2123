#pragma once

#include <CLI/CLI.hpp>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace ebm::cli {

/// The options that stand on the command line, by their long names without dashes, in the order in
/// which the command defines them.
/// @param groups  of --help to look at; all if there is none
std::vector<std::string> given_options(const CLI::App& command,
                                       std::initializer_list<std::string_view> groups = {});

/// Options that would have no effect.
/// @throws Error(kUsage) "NAME: WHY" for the first of `names` that is among `given`.
void refuse_options(const std::vector<std::string>& given,
                    std::initializer_list<std::string_view> names, const std::string& why);

}  // namespace ebm::cli
