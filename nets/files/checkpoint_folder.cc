#include "nets/files/checkpoint_folder.h"

#include <fcntl.h>
#include <stdio.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <functional>
#include <future>
#include <nlohmann/json.hpp>
#include <span>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/json_nesting.h"
#include "base/partial_files.h"
#include "base/path_kind.h"
#include "base/posix_file.h"

namespace ebm::nets {
namespace fs = std::filesystem;
namespace {

constexpr const char* kManifest = "manifest.json";

std::uint32_t crc32_of(const base::FilePieces& pieces) {
  uLong crc = 0;
  for (const auto& bytes : pieces.views()) {
    crc = crc32_z(crc, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size());
  }
  return static_cast<std::uint32_t>(crc);
}

/// A view of the bytes, which outlive it.
base::FilePieces view_of(std::string_view bytes) {
  base::FilePieces view;
  view.add_view(std::as_bytes(std::span(bytes)));
  return view;
}

[[noreturn]] void damaged(const fs::path& file, const std::string& what) {
  throw Error(ErrorCode::kBadData, file.string() + " is damaged: " + what);
}

/// Removes a folder so that no crash leaves half of it under its name.
void remove_whole(const fs::path& folder) {
  if (!base::path_exists(folder)) return;
  const fs::path hidden = base::removed_name(folder);
  fs::rename(folder, hidden);
  fs::remove_all(hidden);
}

/// Removes a folder, if it is there, whichever way the scope ends.
struct Removal {
  const fs::path& folder;
  ~Removal() {
    std::error_code ignored;  // what ended the scope is the error to report
    fs::remove_all(folder, ignored);
  }
};

/// `text` with `to` in the place of `from`: a message names the file that was to be.
std::string replaced(std::string text, const std::string& from, const std::string& to) {
  if (const auto at = text.find(from); at != std::string::npos) text.replace(at, from.size(), to);
  return text;
}

/// Gives the folder `made` the name `target`. One that has the name is removed, but at no moment
/// and by no failure is there none.
void put_in_place(const fs::path& made, const fs::path& target) {
  if (!base::path_exists(target)) {
    fs::rename(made, target);
    return;
  }
  if (::renameat2(AT_FDCWD, made.c_str(), AT_FDCWD, target.c_str(), RENAME_EXCHANGE) == 0) {
    fs::remove_all(made);
    return;
  }
  // Network file systems cannot exchange names; a crash between these two leaves neither.
  if (errno != EINVAL && errno != ENOSYS && errno != ENOTSUP) {
    throw fs::filesystem_error("", made, std::error_code(errno, std::generic_category()));
  }
  const fs::path hidden = base::removed_name(target);
  fs::rename(target, hidden);
  std::error_code error;
  fs::rename(made, target, error);
  if (error) {
    fs::rename(hidden, target);
    throw fs::filesystem_error("", made, error);
  }
  fs::remove_all(hidden);
}

}  // namespace

fs::path checkpoint_path(const fs::path& parent, std::int64_t iteration) {
  std::string digits = std::to_string(iteration);
  if (digits.size() < 6) digits.insert(0, 6 - digits.size(), '0');
  return parent / digits;
}

CheckpointFiles copied(const UnwrittenFiles& files) {
  CheckpointFiles copies;
  for (const auto& [name, pieces] : files) copies.emplace(name, pieces.joined());
  return copies;
}

UnwrittenFiles views_of(const CheckpointFiles& files) {
  UnwrittenFiles views;
  for (const auto& [name, bytes] : files) views.emplace(name, view_of(bytes));
  return views;
}

const std::string& file_of(const CheckpointFiles& files, std::string_view name,
                           const std::string& origin) {
  const auto found = files.find(name);
  if (found == files.end()) {
    throw Error(ErrorCode::kBadData, origin + " has no " + std::string(name));
  }
  return found->second;
}

void write_checkpoint(const fs::path& parent, std::int64_t iteration, const UnwrittenFiles& files) {
  const fs::path target = checkpoint_path(parent, iteration);
  const fs::path partial = base::partial_name(target);
  const Removal of_partial{partial};
  try {
    fs::create_directories(parent);
    fs::create_directory(partial);
    nlohmann::json manifest{{"format", 1}, {"files", nlohmann::json::object()}};
    for (const auto& [name, pieces] : files) {
      // Of a large file it is made while the disk is busy; without a thread, afterwards.
      auto crc32 =
          std::async(std::launch::async | std::launch::deferred, crc32_of, std::cref(pieces));
      base::write_pieces_atomically(partial / name, pieces);
      manifest["files"][name] = {{"bytes", pieces.size()}, {"crc32", crc32.get()}};
    }
    base::write_file_atomically(partial / kManifest, manifest.dump(1) + "\n");
    put_in_place(partial, target);
    base::sync_folder(parent);
  } catch (const fs::filesystem_error& error) {
    base::throw_io_error("write", target.string(), error.code().value());
  } catch (const Error& error) {
    throw Error(error.code(), replaced(error.what(), partial.string(), target.string()));
  }
}

CheckpointFiles read_checkpoint(const fs::path& folder) {
  const fs::path manifest_path = folder / kManifest;
  if (base::is_folder(folder) && !base::path_exists(manifest_path)) {
    damaged(folder, "it has no " + std::string(kManifest));
  }
  const std::string text = base::read_file(manifest_path);
  if (base::nests_deeper(text)) damaged(manifest_path, "it is no manifest of a checkpoint");
  const auto manifest = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!manifest.is_object() || manifest.value("format", nlohmann::json()) != 1 ||
      !manifest.contains("files") || !manifest["files"].is_object() || manifest.size() != 2) {
    damaged(manifest_path, "it is no manifest of a checkpoint");
  }
  CheckpointFiles files;
  for (const auto& [name, entry] : manifest["files"].items()) {
    const fs::path path = folder / name;
    if (name.find_first_of(std::string_view("/\0", 2)) != std::string::npos ||
        !base::is_file(path)) {
      damaged(manifest_path, "there is no file " + name + " beside it");
    }
    std::string bytes = base::read_file(path);
    const nlohmann::json found{{"bytes", bytes.size()}, {"crc32", crc32_of(view_of(bytes))}};
    if (found != entry) {
      damaged(path, "found " + found.dump() + ", the manifest says " + entry.dump());
    }
    files.emplace(name, std::move(bytes));
  }
  return files;
}

std::vector<std::int64_t> list_checkpoints(const fs::path& parent) {
  std::vector<std::int64_t> iterations;
  std::error_code error;
  for (fs::directory_iterator entry(parent, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    const bool digits = name.size() >= 6 && name.size() <= 18 &&
                        name.find_first_not_of("0123456789") == std::string::npos;
    if (digits && entry->is_directory()) iterations.push_back(std::stoll(name));
  }
  // A run must not begin anew because its folder cannot be read.
  if (error && error != std::errc::no_such_file_or_directory) {
    base::throw_io_error("read", parent.string(), error.value());
  }
  std::sort(iterations.begin(), iterations.end());
  return iterations;
}

void remove_checkpoint(const fs::path& parent, std::int64_t iteration) {
  const fs::path folder = checkpoint_path(parent, iteration);
  try {
    remove_whole(folder);
  } catch (const fs::filesystem_error& error) {
    throw Error(ErrorCode::kIo, "cannot remove " + folder.string() + ": " + error.code().message());
  }
}

FoundCheckpoint newest_checkpoint(const fs::path& parent, const Warn& warn) {
  auto iterations = list_checkpoints(parent);
  if (iterations.empty()) {
    throw Error(ErrorCode::kNoInput,
                "no checkpoint in " + parent.string() +
                    ": the run has not come to its first; train on with --resume --out " +
                    parent.parent_path().string());
  }
  std::reverse(iterations.begin(), iterations.end());
  std::string last_fault;
  for (const std::int64_t iteration : iterations) {
    const fs::path folder = checkpoint_path(parent, iteration);
    try {
      return {iteration, folder, read_checkpoint(folder)};
    } catch (const Error& error) {
      // What cannot be read now may be sound.
      if (error.code() == ErrorCode::kIo) throw;
      last_fault = error.what();
      warn(last_fault + "; skipped");
    }
  }
  throw Error(ErrorCode::kBadData, "every checkpoint in " + parent.string() +
                                       " is damaged, the last one: " + last_fault);
}

}  // namespace ebm::nets
