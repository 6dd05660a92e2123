#include "nets/files/model_file.h"

#include <utility>

#include "base/error.h"
#include "base/path_kind.h"

namespace ebm::nets {
namespace fs = std::filesystem;

ModelFile read_model_file(const fs::path& path, const Warn& warn) {
  if (!base::path_exists(path)) {
    throw Error(ErrorCode::kNoInput, "no such model: " + path.string() +
                                         "; expected a run folder, a checkpoint or a .safetensors "
                                         "file");
  }
  if (!base::is_folder(path)) return {read_safetensors(path), path.string(), {}};
  CheckpointFiles files;
  fs::path folder = path;
  if (base::is_folder(path / "checkpoints")) {
    const fs::path model = path / "model.safetensors";
    if (list_checkpoints(path / "checkpoints").empty() && base::path_exists(model)) {
      throw Error(ErrorCode::kNoInput, "no checkpoint in " + (path / "checkpoints").string() +
                                           "; give " + model.string() + ", which is there");
    }
    FoundCheckpoint found = newest_checkpoint(path / "checkpoints", warn);
    files = std::move(found.files);
    folder = found.folder;
  } else if (base::path_exists(path / "manifest.json")) {
    files = read_checkpoint(path);
  } else {
    throw Error(ErrorCode::kBadData,
                path.string() +
                    " is neither a run folder (no checkpoints in it) nor a checkpoint "
                    "(no manifest.json)");
  }
  const std::string origin = (folder / "model.safetensors").string();
  const auto bytes = files.find("model.safetensors");
  if (bytes == files.end()) throw Error(ErrorCode::kNoInput, "no such file: " + origin);
  SafetensorsFile tensors = parse_safetensors(bytes->second, origin);
  return {std::move(tensors), origin, std::move(files)};
}

}  // namespace ebm::nets
