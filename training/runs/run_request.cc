#include "training/runs/run_request.h"

#include <algorithm>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/path_kind.h"
#include "nets/files/architecture_toml.h"
#include "training/run_folder.h"
#include "training/run_settings.h"

namespace ebm::training {
namespace fs = std::filesystem;

std::optional<std::string> RunRequest::resumed_file(const std::string& name) const {
  const fs::path path = fs::path(out) / name;
  if (!resume || !base::path_exists(path)) return std::nullopt;
  return base::read_file(path);
}

void read_settings(const RunRequest& request, ConfigTable& table) {
  if (!request.resume) require_possible_folder(request.out);
  SettingSources sources{.toml = {}, .origin = {}, .assignments = request.settings};
  if (!request.config.empty()) {
    const fs::path config =
        models::path_or_shipped(request.config, "recipes", ".toml", request.recipes, request.share);
    sources.toml = base::read_text_file(config);
    sources.origin = config.string();
  }
  sources.assignments.insert(sources.assignments.end(), request.set.begin(), request.set.end());
  read_run_settings(request.out, request.resume, sources, table);
}

data::Dataset load_training_data(const RunRequest& request, const std::string& spec) {
  if (spec.empty()) throw Error(ErrorCode::kUsage, "data is missing: give --data SPEC");
  const auto is_data = [](const std::string& text) { return text.starts_with("data="); };
  const bool is_given = !request.resume || std::ranges::any_of(request.settings, is_data) ||
                        std::ranges::any_of(request.set, is_data);
  return request.read_data(spec, !is_given);
}

nets::Architecture network_of_run(const RunRequest& request, const std::string& file,
                                  const std::string& name, const nets::Shape& input,
                                  const std::function<nets::Architecture()>& preset,
                                  nets::Outputs outputs) {
  if (const auto saved = request.resumed_file(file)) {
    return nets::architecture_from_toml(*saved, request.out + "/" + file, input, outputs);
  }
  if (name.ends_with(".toml")) {
    return nets::architecture_from_toml(base::read_text_file(name), name, input, outputs);
  }
  return preset();
}

}  // namespace ebm::training
