#include "app/output_file.h"

#include "base/atomic_file.h"
#include "base/error.h"

namespace ebm::app {

OutputKind require_output(const std::filesystem::path& path, std::span<const OutputKind> allowed,
                          const std::string& option) {
  constexpr const char* kEndings[] = {".png", ".npy", ".csv"};
  std::string names;
  for (const OutputKind kind : allowed) {
    const char* ending = kEndings[static_cast<std::size_t>(kind)];
    if (path.extension() == ending) {
      base::require_writable(path);
      return kind;
    }
    names += (names.empty() ? "" : " or ") + std::string(ending);
  }
  throw Error(ErrorCode::kUsage, option + " = " + path.string() + ": must end in " + names);
}

}  // namespace ebm::app
