#include "cli/man_pages.h"

#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

#include "cli/command_tree.h"
#include "cli/help_text.h"

namespace ebm::cli {
namespace {

/// Text that roff shows as it is: hyphens that can be copied, no control lines.
std::string roff(const std::string& text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool starts_line = i == 0 || text[i - 1] == '\n';
    if (starts_line && (text[i] == '.' || text[i] == '\'')) result += "\\&";
    if (text[i] == '\\') {
      result += "\\e";
    } else if (text[i] == '-') {
      result += "\\-";
    } else {
      result += text[i];
    }
  }
  return result;
}

/// "ebm-gan-train"
std::string page_name(std::string path) {
  std::replace(path.begin(), path.end(), ' ', '-');
  return path;
}

std::string section(std::string title, const std::string& body) {
  if (body.empty()) return "";
  for (char& c : title) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return ".SH \"" + roff(title) + "\"\n" + body;
}

/// An entry of a list; a line break would end what belongs to one request.
std::string entry(const std::string& name, const std::string& what) {
  return ".TP\n" + name + "\n" + roff(what) + "\n";
}

std::string option_entry(const CLI::Option& option, const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    text += (text.empty() ? "" : ", ") + ("\\fB" + roff(name)) + "\\fR";
  }
  if (takes_value(option) && names.front().starts_with('-')) {
    text += " \\fI" + roff(option.get_type_name()) + "\\fR";
  }
  if (option.get_required()) text += " (required)";
  std::string what = option.get_description();
  if (takes_value(option) && !option.get_default_str().empty()) {
    what += " [" + option.get_default_str() + "]";
  }
  return entry(text, what);
}

/// Text as it stands in --help, not filled.
std::string verbatim(const std::string& text) {
  return text.empty() ? "" : ".in 0\n.nf\n" + roff(text) + "\n.fi\n.in\n";
}

std::string page_of(const CommandNode& node, const std::string& version) {
  const std::string name = page_name(node.path);
  std::string synopsis = ".B " + node.path + "\n[OPTIONS]";
  std::string arguments;
  for (const CLI::Option* argument : node.arguments()) {
    const std::string shown = argument->get_name(true, false);
    synopsis += argument->get_required() ? " " + shown : " [" + shown + "]";
    arguments += option_entry(*argument, {shown});
  }
  if (!node.below.empty()) synopsis += " COMMAND";
  std::string text =
      ".TH \"" + roff(name) + "\" 1 \"\" \"ebm " + roff(version) + "\" \"ebm\"\n" +
      section("Name", roff(name) + " \\- " + roff(node.command->get_description()) + "\n") +
      section("Synopsis", synopsis + "\n") + section("Arguments", arguments);
  std::vector<std::string> groups = node.command->get_groups();
  std::stable_partition(groups.begin(), groups.end(),
                        [](const std::string& group) { return group != "Options"; });
  for (const std::string& group : groups) {
    std::string options;
    for (const CLI::Option* option : node.options()) {
      if (option->get_group() == group) options += option_entry(*option, dashed_names(*option));
    }
    if (!group.empty()) text += section(group, options);
  }
  std::string commands;
  for (const CLI::App* sub : node.below) {
    const std::string page =
        "\\fB" + roff(page_name(node.path + " " + sub->get_name())) + "\\fR(1)";
    commands += entry(page, sub->get_description());
  }
  const std::string footer = node.command->get_footer();
  const std::size_t examples = footer.find(kExamples);
  text += section("Commands", commands) + section("Notes", verbatim(footer.substr(0, examples)));
  if (examples != std::string::npos) {
    text += section("Examples", verbatim(footer.substr(examples + std::string(kExamples).size())));
  }
  if (node.command->get_parent() != nullptr) {
    const std::string above = node.path.substr(0, node.path.rfind(' '));
    text += section("See also", ".BR " + roff(page_name(above)) + " (1)\n");
  }
  return text;
}

}  // namespace

std::vector<ManPage> man_pages(const CLI::App& app) {
  std::vector<ManPage> pages;
  for (const CommandNode& node : command_tree(app)) {
    pages.push_back({page_name(node.path) + ".1", page_of(node, app.version())});
  }
  return pages;
}

}  // namespace ebm::cli
