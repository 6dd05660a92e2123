#include "app/manual_commands.h"

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "app/completion_values.h"
#include "app/print.h"
#include "base/atomic_file.h"
#include "base/names/choice.h"
#include "cli/completion.h"
#include "cli/help_text.h"
#include "cli/man_pages.h"

namespace ebm::app {
namespace {

constexpr base::Choice<cli::Shell> kShells[] = {
    {"bash", cli::Shell::kBash}, {"zsh", cli::Shell::kZsh}, {"fish", cli::Shell::kFish}};

void write_pages(const CLI::App& app, const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  const std::vector<cli::ManPage> pages = cli::man_pages(app);
  for (const cli::ManPage& page : pages) base::write_file_atomically(folder / page.file, page.text);
  print("%zu manual pages are in %s\n", pages.size(), folder.string());
}

}  // namespace

void add_manual_commands(CLI::App& app, const std::function<void()>& hand_over) {
  auto name = std::make_shared<std::string>();
  CLI::App* help = app.add_subcommand("help", "Show the help of a command");
  // run_command_line() makes `ebm help COMMAND` an `ebm COMMAND --help`.
  help->add_option("COMMAND", *name, "name of a command, such as train or gan train");
  CLI::App* completion = app.add_subcommand("completion", "Print the completion script of a shell");
  completion->add_option("SHELL", *name, "bash, zsh or fish")->required();
  cli::add_examples(*completion, {"source <(ebm completion bash)",
                                  "ebm completion fish > ~/.config/fish/completions/ebm.fish"});
  completion->callback([&app, name, hand_over] {
    const cli::Shell shell = base::value_of<cli::Shell>("SHELL", kShells, *name);
    if (hand_over) hand_over();
    std::printf("%s", cli::completion_script(shell, app, offered_values).c_str());
  });
  CLI::App* man = app.add_subcommand("man", "Write the manual pages: ebm.1, ebm-train.1, ...");
  man->add_option("DIR", *name, "output folder, created if missing")->required();
  cli::add_examples(*man, {"ebm man pages && man pages/ebm-train.1"});
  man->callback([&app, name, hand_over] {
    if (hand_over) hand_over();
    write_pages(app, *name);
  });
}

}  // namespace ebm::app
