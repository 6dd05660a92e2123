#include "app/output_file.h"

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/names/choice.h"

namespace ebm::app {
namespace {

constexpr base::Choice<OutputKind> kEndings[] = {
    {".png", OutputKind::kPng},   {".npy", OutputKind::kNpy},
    {".csv", OutputKind::kCsv},   {".json", OutputKind::kJson},
    {".html", OutputKind::kHtml}, {".safetensors", OutputKind::kSafetensors}};

}  // namespace

OutputKind require_output(const std::filesystem::path& path, std::span<const OutputKind> allowed,
                          const std::string& option) {
  std::string names;
  for (const OutputKind kind : allowed) {
    const char* ending = base::name_of("ending", kEndings, kind);
    if (path.extension() == ending) {
      base::require_writable(path);
      return kind;
    }
    names += (names.empty() ? "" : " or ") + std::string(ending);
  }
  throw Error(ErrorCode::kUsage, option + " = " + path.string() + ": must end in " + names);
}

}  // namespace ebm::app
