#include "app/command_line.h"

#include <algorithm>
#include <cstdio>
#include <exception>
#include <new>
#include <thread>

#include "base/error.h"
#include "samplers/simd_target.h"

namespace ebm::app {
namespace {

int fail(const std::string& message, int code) {
  // LibTorch's messages go on with a backtrace.
  std::fprintf(stderr, "ebm: %s\n", message.substr(0, message.find('\n')).c_str());
  return code;
}

}  // namespace

int run_command_line(CLI::App& app, int argc, char** argv, const int& exit_code) {
  try {
    samplers::apply_simd_override();
    app.parse(argc, argv);
    return exit_code;
  } catch (const CLI::Success& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& error) {
    std::string command = "ebm";
    for (const CLI::App* used : app.get_subcommands()) command += " " + used->get_name();
    return fail(std::string(error.what()) + "; see " + command + " --help", 64);
  } catch (const Error& error) {
    return fail(error.what(), ebm::exit_code(error.code()));
  } catch (const std::bad_alloc&) {
    return fail("out of memory", 70);
  } catch (const std::exception& error) {
    return fail(error.what(), 70);
  }
}

int resolve_threads(std::int64_t threads) {
  if (threads < 0 || threads > 1024) {
    throw Error(ErrorCode::kUsage, "threads = " + std::to_string(threads) +
                                       ": must be from 1 to 1024, or 0 for one a core");
  }
  if (threads > 0) return static_cast<int>(threads);
  return static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
}

}  // namespace ebm::app
