#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace ebm::models {

/// The folder of the shared files (models, features, recipes) of the installed package that this
/// header belongs to, as CMake's target ebm::models defines it. Empty for programs that are
/// installed with it, as they find it beside themselves.
#ifdef EBM_SHARE_DIR
constexpr const char* kShareDir = EBM_SHARE_DIR;
#else
constexpr const char* kShareDir = "";
#endif

/// The folders in which shared files are looked for, in this order: share/ebm of the installation
/// whose bin/ holds the running program, wherever that was moved, and `package`.
std::vector<std::filesystem::path> share_folders(const std::filesystem::path& package = kShareDir);

/// The names of the shared files FOLDER/NAME + SUFFIX, in alphabetic order.
std::vector<std::string> shared_names(const std::string& folder, const std::string& suffix,
                                      const std::filesystem::path& package = kShareDir);

/// The file `name` in the first of share_folders() that has it.
std::optional<std::filesystem::path> share_file(const std::filesystem::path& name,
                                                const std::filesystem::path& package = kShareDir);

/// The path that `name` stands for: itself if such a file exists; else, if it is a plain name
/// (without a slash or dot), the shared file FOLDER/NAME + SUFFIX; else itself.
/// @param folder  messages call `name` what is left of it without its last letter: recipe
/// @param among  the names that the caller has a use for; none: all that the folder has
/// @throws Error(kNoInput) for a plain name that stands for neither, as in "no such recipe: quikc;
///         did you mean quick?; expected a path, or one that comes with ebm: good, quick"
std::filesystem::path path_or_shipped(
    const std::string& name, const std::string& folder, const std::string& suffix,
    const std::optional<std::vector<std::string>>& among = std::nullopt,
    const std::filesystem::path& package = kShareDir);

}  // namespace ebm::models
