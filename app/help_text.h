#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

namespace ebm::app {

/// Breaks a text at its spaces into lines of at most `width` characters, counted as UTF-8, and puts
/// `indent` spaces before every line but the first. A line break in the text stays; a word that is
/// too long keeps a line of its own.
std::string wrap(const std::string& text, std::size_t width, std::size_t indent);

/// Help for a terminal of 80 columns: descriptions are wrapped, and stand below names too long to
/// stand beside. For an app before its subcommands are added.
std::shared_ptr<CLI::FormatterBase> make_help_formatter();

}  // namespace ebm::app
