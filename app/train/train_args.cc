#include "app/train/train_args.h"

#include <algorithm>

#include "app/command_line.h"
#include "app/read_data.h"
#include "cli/help_text.h"

namespace ebm::app {
namespace {

/// How an option shows the type of its key, as CLI11 does.
const char* type_name(const training::ConfigTable::Key& key) {
  if (std::holds_alternative<std::int64_t*>(key.target)) return "INT";
  if (std::holds_alternative<double*>(key.target)) return "FLOAT";
  return "TEXT";
}

/// A value without the quotes of TOML.
std::string unquoted(std::string text) {
  const bool is_quoted = text.size() >= 2 && (text.front() == '\'' || text.front() == '"');
  return is_quoted ? text.substr(1, text.size() - 2) : text;
}

std::string keys_help(const training::ConfigTable& table) {
  constexpr std::size_t kColumn = 34;
  std::string text = "Keys of CONFIG.toml and of --set, with their defaults:\n";
  for (const auto& key : table.keys()) {
    text += cli::help_entry(key.name + " = " + training::ConfigTable::value_text(key),
                            training::ConfigTable::meaning_of(key), kColumn);
  }
  return text;
}

/// An option that --help does not list, and that says how its key is set: people type --batch_size,
/// and messages on unknown options suggest it.
void add_key_hint(CLI::App& sub, const std::string& key) {
  sub.add_option_function<std::string>(
         "--" + key,
         [key](const std::string& value) {
           throw CLI::ConversionError("unknown option --" + key + "; did you mean --set " + key +
                                      "=" + value + "?");
         },
         "")
      ->group("");
}

}  // namespace

void add_train_args(CLI::App& sub, const training::ConfigTable& table,
                    std::span<const std::string_view> flags,
                    const std::vector<std::string>& recipes, TrainArgs& args) {
  for (const CLI::App* each = &sub; each != nullptr; each = each->get_parent()) {
    args.command = each->get_name() + (args.command.empty() ? "" : " ") + args.command;
  }
  args.recipes = recipes;
  args.program = EBM_VERSION;
  args.read_data = [](const std::string& spec, bool is_own) {
    return read_moved_data(is_own, [&] { return read_data(spec); });
  };
  std::string names;
  for (const std::string& name : recipes) names += (names.empty() ? "" : ", ") + name;
  sub.add_option("CONFIG", args.config,
                 "TOML file of the keys below" +
                     (names.empty() ? "" : ", or a recipe that comes with ebm: " + names));
  // An option is its key: the table checks it and knows its default.
  for (const auto& key : table.keys()) {
    if (std::find(flags.begin(), flags.end(), key.name) == flags.end()) {
      add_key_hint(sub, key.name);
      continue;
    }
    sub.add_option_function<std::string>(
           "--" + key.name,
           [&args, name = key.name](const std::string& value) {
             args.settings.push_back(name + "=" + value);
           },
           training::ConfigTable::meaning_of(key))
        ->type_name(type_name(key))
        ->default_str(unquoted(training::ConfigTable::value_text(key)))
        ->group("Training");
  }
  sub.add_option("--set", args.set, "set a key of the list below; may be repeated")
      ->type_name("KEY=VALUE")
      ->take_all()
      ->allow_extra_args(false)
      ->group("Training");
  sub.add_option("--out", args.out, "run folder: checkpoints, metrics, pictures and the model")
      ->type_name("DIR")
      ->required()
      ->group("Run folder");
  sub.add_flag("--resume", args.resume, "continue from the newest checkpoint in --out")
      ->group("Run folder");
  add_json(sub, args.json);
  sub.footer(keys_help(table));
}

}  // namespace ebm::app
