#include "app/import/plan.h"

#include <optional>
#include <utility>

#include "app/read_data.h"
#include "base/atomic_file.h"
#include "base/error.h"
#include "base/quote.h"
#include "base/require.h"
#include "nets/architecture/presets.h"
#include "nets/files/architecture_toml.h"

namespace ebm::app {
namespace {

/// What --input or the data say.
std::optional<nets::Shape> given_input(const ImportCommand& command) {
  std::optional<nets::Shape> input;
  if (!command.input.empty()) {
    for (const std::int64_t size : command.input) base::require_at_least("input", size, 1);
    input = nets::Shape{command.input[0], command.input[1], command.input[2]};
  }
  if (command.data.empty()) return input;
  const data::ItemShape shape = read_data(command.data).shape;
  const nets::Shape of_data{shape.channels, shape.height, shape.width};
  if (input && *input != of_data) {
    throw Error(ErrorCode::kUsage, "input = " + to_string(*input) + ": the items of " +
                                       command.data + " are " + to_string(of_data));
  }
  return of_data;
}

}  // namespace

nets::Architecture network_of(const ImportCommand& command) {
  const std::optional<nets::Shape> input = given_input(command);
  if (command.net.ends_with(".toml")) {
    return nets::architecture_from_toml(base::read_file(command.net), command.net, input);
  }
  if (!input) {
    nets::preset(command.net, {1, 64, 64});  // throws for a name that there is not
    throw Error(ErrorCode::kUsage, "input: the preset " + command.net +
                                       " fits items of any size; give --input CHANNELS,HEIGHT,"
                                       "WIDTH, or --data SPEC");
  }
  return nets::preset(command.net, *input);
}

std::vector<std::string> class_names_of(const ImportCommand& command,
                                        const nets::Architecture& network) {
  if (network.classes == 0 || command.data.empty()) return {};
  std::vector<std::string> names = read_data(command.data).class_names;
  return std::ssize(names) == network.classes ? std::move(names) : std::vector<std::string>();
}

nets::ImportOptions import_options_of(const ImportCommand& command, const nets::Shape& input) {
  nets::ImportOptions options{.renames = {},
                              .input = nets::scale_of(command.normalization, input),
                              .negate = command.negate};
  for (const std::string& rename : command.renames) {
    const std::size_t equals = rename.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == rename.size()) {
      throw Error(ErrorCode::kUsage,
                  "rename = " + base::quote(rename) + ": must be FROM=TO, as conv1=0");
    }
    options.renames.emplace_back(rename.substr(0, equals), rename.substr(equals + 1));
  }
  return options;
}

}  // namespace ebm::app
