#pragma once

#include <filesystem>
#include <span>
#include <string>

namespace ebm::app {

/// The format of an output file, by the ending of its name; checked before the work.
enum class OutputKind { kPng, kNpy, kCsv, kJson, kHtml, kSafetensors };
/// @param option  the option that names it, for messages
/// @throws Error(kUsage) if the ending is not allowed, Error(kIo) if the file cannot be written.
OutputKind require_output(const std::filesystem::path& path, std::span<const OutputKind> allowed,
                          const std::string& option = "out");

}  // namespace ebm::app
