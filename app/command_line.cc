#include "app/command_line.h"

#include "base/error.h"
#include "base/system/cpu_limit.h"
#include "cli/help_text.h"
#include "cli/run_program.h"
#include "samplers/simd/simd_target.h"

namespace ebm::app {
namespace {

/// Of the program itself; commands that are added later would inherit it.
void add_program_footer(CLI::App& app) {
  app.footer(
      "`ebm help COMMAND` describes a command and its options.\n\n"
      "SPEC names a data set, such as fashion-mnist or images:FOLDER; `ebm help data`\n"
      "lists all forms. MODEL is a run folder, a checkpoint folder, a .safetensors\n"
      "file, or the name of a model that comes with the program.\n\n"
      "Environment:\n" +
      cli::help_entry("EBM_DATA", "folder of the Fashion-MNIST files") +
      cli::help_entry("EBM_SIMD", "SIMD target instead of the best, as AVX2; bf16 unit, as F32") +
      "\nExit codes:\n" + cli::help_entry("0", "success") +
      cli::help_entry("64", "usage: an unknown command or option, or an invalid value") +
      cli::help_entry("65", "invalid data in an input file") +
      cli::help_entry("66", "an input does not exist") +
      cli::help_entry("70", "internal error, or out of memory") +
      cli::help_entry("71", "diverged: a result is not finite") +
      cli::help_entry("74", "reading or writing failed") +
      cli::help_entry("130, 128+N",
                      "stopped by Ctrl-C, by signal N; training saves its state first"));
  cli::add_examples(app, {"ebm train quick --data fashion-mnist --out run",
                          "ebm sample run --n 64 --out samples.png"});
}

}  // namespace

void set_up_program(CLI::App& app) {
  app.name("ebm");
  app.description("Energy-based models of images: train them, draw samples, evaluate");
  app.formatter(cli::make_help_formatter());
  app.set_help_flag("-h,--help", "print this help");
  app.set_version_flag("--version", EBM_VERSION, "print the version");
  app.require_subcommand(1);
}

int run_command_line(CLI::App& app, int argc, char** argv, const int& exit_code) {
  return cli::run_program(app, argc, argv, exit_code, [&app] {
    samplers::apply_simd_override();
    add_program_footer(app);
  });
}

CLI::Option* add_seed(CLI::App& command, std::int64_t& seed, const std::string& what) {
  return command.add_option("--seed", seed, what)->capture_default_str();
}

CLI::Option* add_threads(CLI::App& command, std::int64_t& threads) {
  return command
      .add_option("--threads", threads,
                  "0 = one for each CPU that the process may use; results do not depend on it")
      ->capture_default_str();
}

CLI::Option* add_json(CLI::App& command, bool& json) {
  return command.add_flag("--json", json, "print one JSON document");
}

int resolve_threads(std::int64_t threads) {
  if (threads < 0 || threads > 1024) {
    throw Error(ErrorCode::kUsage, "threads = " + std::to_string(threads) +
                                       ": must be from 1 to 1024, or 0 for one per core");
  }
  const int n = threads > 0 ? static_cast<int>(threads) : base::default_threads();
  base::require_threads(n);
  return n;
}

}  // namespace ebm::app
