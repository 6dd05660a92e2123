#include "cli/given_options.h"

#include <algorithm>

#include "base/error.h"

namespace ebm::cli {

std::vector<std::string> given_options(const CLI::App& command,
                                       std::initializer_list<std::string_view> groups) {
  std::vector<std::string> given;
  for (const CLI::Option* option : command.get_options()) {
    const bool counts = groups.size() == 0 || std::find(groups.begin(), groups.end(),
                                                        option->get_group()) != groups.end();
    if (counts && option->count() > 0 && !option->get_lnames().empty()) {
      given.push_back(option->get_lnames().front());
    }
  }
  return given;
}

void refuse_options(const std::vector<std::string>& given,
                    std::initializer_list<std::string_view> names, const std::string& why) {
  for (const std::string_view name : names) {
    if (std::find(given.begin(), given.end(), name) == given.end()) continue;
    throw Error(ErrorCode::kUsage, std::string(name) + ": " + why);
  }
}

}  // namespace ebm::cli
