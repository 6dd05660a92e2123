#include "cli/help_text.h"

#include <algorithm>
#include <vector>

namespace ebm::cli {
namespace {

constexpr std::size_t kWidth = 80;

/// Bytes that continue a character of UTF-8 take no column.
std::size_t columns_of(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

class HelpFormatter : public CLI::Formatter {
 public:
  HelpFormatter() {
    label("Positionals", "Arguments");
    label("SUBCOMMAND", "COMMAND");
  }
  std::string make_description(const CLI::App* app) const override {
    return wrap(app->get_description(), kWidth, 0) + "\n\n";
  }
  std::string make_help(const CLI::App* app, std::string name,
                        CLI::AppFormatMode mode) const override {
    const std::string footer = app->get_footer();
    return make_description(app) + make_usage(app, name) + make_positionals(app) +
           option_groups(app) + make_subcommands(app, mode) + (footer.empty() ? "" : "\n") + footer;
  }
  std::string make_option(const CLI::Option* option, bool is_positional) const override {
    return help_entry(make_option_name(option, is_positional) + make_option_opts(option),
                      make_option_desc(option));
  }
  std::string make_subcommand(const CLI::App* sub) const override {
    return help_entry(sub->get_name(), sub->get_description());
  }
  /// Without what CLI11 adds of other options: the descriptions say what excludes what.
  std::string make_option_opts(const CLI::Option* option) const override {
    if (option->get_type_size() == 0) return "";
    std::string text = " " + option->get_type_name();
    if (!option->get_default_str().empty()) text += "=" + option->get_default_str();
    if (option->get_required()) text += " REQUIRED";
    return text;
  }

 private:
  /// In the order of the command; the common options, with --help, at the end.
  std::string option_groups(const CLI::App* app) const {
    std::string text;
    std::vector<std::string> groups = app->get_groups();
    std::stable_partition(groups.begin(), groups.end(),
                          [](const std::string& group) { return group != "Options"; });
    for (const std::string& group : groups) {
      const auto options = app->get_options([&](const CLI::Option* option) {
        return option->get_group() == group && option->nonpositional();
      });
      if (!group.empty() && !options.empty()) text += make_group(group, false, options);
    }
    return text;
  }
};

}  // namespace

std::string wrap(const std::string& text, std::size_t width, std::size_t indent) {
  std::string wrapped;
  std::size_t column = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find_first_of(" \n", at), text.size());
    const std::string word = text.substr(at, end - at);
    if (column > 0 && column + 1 + columns_of(word) > width) {
      wrapped += "\n" + std::string(indent, ' ');
      column = 0;
    } else if (column > 0) {
      wrapped += ' ';
      ++column;
    }
    wrapped += word;
    column += columns_of(word);
    if (end < text.size() && text[end] == '\n') {
      wrapped += "\n" + std::string(indent, ' ');
      column = 0;
    }
    at = end + 1;
  }
  return wrapped;
}

std::string help_entry(const std::string& name, const std::string& what, std::size_t column) {
  std::string text = "  " + name;
  const std::size_t columns = columns_of(text);
  if (columns < column) {
    text.append(column - columns, ' ');
  } else {
    text += "\n" + std::string(column, ' ');
  }
  return text + wrap(what, kWidth - column, column) + "\n";
}

void add_examples(CLI::App& command, std::initializer_list<const char*> lines) {
  std::string text = command.get_footer();
  if (!text.empty()) text += text.back() == '\n' ? "\n" : "\n\n";
  text += kExamples;
  for (const char* line : lines) text += std::string("  ") + line + "\n";
  command.footer(text);
}

std::shared_ptr<CLI::FormatterBase> make_help_formatter() {
  return std::make_shared<HelpFormatter>();
}

}  // namespace ebm::cli
