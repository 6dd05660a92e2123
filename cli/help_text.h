#pragma once

#include <CLI/CLI.hpp>
#include <cstddef>
#include <initializer_list>
#include <memory>
#include <string>

namespace ebm::cli {

/// Breaks a text at its spaces into lines of at most `width` characters, counted as UTF-8, and puts
/// `indent` spaces before every line but the first. A line break in the text stays; a word that is
/// too long keeps a line of its own.
std::string wrap(const std::string& text, std::size_t width, std::size_t indent);

/// A line of a list in --help: a name, and what it means beside it, from a column on, or below.
std::string help_entry(const std::string& name, const std::string& what, std::size_t column = 24);

/// The line before the examples of a command's footer.
inline constexpr const char* kExamples = "Examples:\n";

/// Adds command lines to the end of a command's help.
void add_examples(CLI::App& command, std::initializer_list<const char*> lines);

/// Help for a terminal of 80 columns: descriptions are wrapped, and stand below names too long to
/// stand beside. For an app before its subcommands are added.
std::shared_ptr<CLI::FormatterBase> make_help_formatter();

}  // namespace ebm::cli
