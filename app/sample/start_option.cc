#include "app/sample/start_option.h"

#include "base/error.h"
#include "base/names/choice.h"

namespace ebm::app {
namespace {

using evaluation::StartKind;

constexpr base::Choice<StartKind> kStarts[] = {
    {"noise", StartKind::kNoise}, {"replay", StartKind::kReplay}, {"data", StartKind::kData}};

}  // namespace

StartOption start_option(const std::string& text) {
  for (const base::Choice<StartKind>& start : kStarts) {
    if (text == start.name) return {.kind = start.value};
  }
  if (text.ends_with(".npy")) return {.kind = StartKind::kFile, .file = text};
  throw Error(ErrorCode::kUsage, "init = " + text + ": must be noise, replay, data or FILE.npy");
}

}  // namespace ebm::app
