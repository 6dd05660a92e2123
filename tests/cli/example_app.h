#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "cli/help_text.h"

namespace ebm::cli {

/// A program with nested commands: ebm draw [FILE], ebm gan train.
struct ExampleApp {
  CLI::App app{"Energies", "ebm"};
  int n = 5;
  bool json = false;
  std::string file;

  ExampleApp() {
    app.set_version_flag("--version", "1.2.3");
    CLI::App* draw = app.add_subcommand("draw", "It's a draw");
    draw->add_option("-n,--count", n, "number: of draws")->capture_default_str()->type_name("INT");
    draw->add_flag("--json", json, "print JSON");
    draw->add_option("FILE", file, "a file")->required();
    add_examples(*draw, {"ebm draw -n 3 x"});
    CLI::App* gan = app.add_subcommand("gan", "GANs");
    gan->add_subcommand("train", "Train one")->add_option("--out", file, "folder")->required();
  }
};

}  // namespace ebm::cli
