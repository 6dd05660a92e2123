#include "report/output_file.h"

#include <cstdint>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/names/choice.h"
#include "data/formats/npy.h"
#include "report/item_picture.h"
#include "report/labelled_grid.h"
#include "report/png.h"

namespace ebm::report {
namespace {

constexpr base::Choice<OutputKind> kEndings[] = {
    {".png", OutputKind::kPng},   {".npy", OutputKind::kNpy},
    {".csv", OutputKind::kCsv},   {".json", OutputKind::kJson},
    {".html", OutputKind::kHtml}, {".safetensors", OutputKind::kSafetensors}};

}  // namespace

OutputKind require_output(const std::filesystem::path& path,
                          std::initializer_list<OutputKind> allowed, const std::string& option) {
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

void write_rows(const std::filesystem::path& path, OutputKind kind, const std::vector<float>& rows,
                const data::ItemShape& shape, bool is_image,
                const std::vector<std::string>& groups) {
  if (kind == OutputKind::kPng && is_image && groups.size() > 1) {
    write_png(path, labelled_grid(rows, shape, groups));
    return;
  }
  if (kind == OutputKind::kPng) {
    write_picture(path, rows, shape, is_image);
    return;
  }
  const std::int64_t n = static_cast<std::int64_t>(rows.size()) / shape.size();
  const std::vector<std::int64_t> image{n, shape.channels, shape.height, shape.width};
  data::write_npy(path, rows, is_image ? image : std::vector<std::int64_t>{n, shape.size()});
}

}  // namespace ebm::report
