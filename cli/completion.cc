#include "cli/completion.h"

#include <string>
#include <vector>

#include "cli/command_tree.h"

namespace ebm::cli {
namespace {

/// 'text' for bash and zsh.
std::string single_quoted(const std::string& text) {
  std::string result = "'";
  for (const char c : text) {
    if (c == '\'') {
      result += "'\\''";
    } else {
      result += c;
    }
  }
  return result + "'";
}

/// The paths of all commands below the program, "'ebm bench' | 'ebm data' | ...", for a `case`.
std::string path_pattern(const std::vector<CommandNode>& tree, const char* separator) {
  std::string pattern;
  for (const CommandNode& node : tree) {
    if (&node == &tree.front() || node.path == "ebm help") continue;
    pattern += (pattern.empty() ? "" : separator) + single_quoted(node.path);
  }
  return pattern;
}

std::string bash_script(const std::vector<CommandNode>& tree) {
  std::string script =
      "# bash completion of ebm, made by `ebm completion bash`.\n"
      "_ebm() {\n"
      "  local current=${COMP_WORDS[COMP_CWORD]} command=ebm words= i\n"
      "  for ((i = 1; i < COMP_CWORD; ++i)); do\n"
      "    case \"$command ${COMP_WORDS[i]}\" in\n"
      "      " +
      path_pattern(tree, " | ") +
      ") command+=\" ${COMP_WORDS[i]}\" ;;\n"
      "    esac\n"
      "  done\n"
      "  case $command in\n";
  for (const CommandNode& node : tree) {
    std::string words;
    for (const CLI::App* sub : node.below) words += " " + sub->get_name();
    std::string options;
    for (const CLI::Option* option : node.options()) {
      for (const std::string& name : dashed_names(*option)) options += " " + name;
    }
    // Without a dash, files are completed.
    script += "    " + single_quoted(node.path) + ")\n      words=" + single_quoted(words) +
              "\n      [[ $current == -* ]] && words=" + single_quoted(options) + " ;;\n";
  }
  return script +
         "  esac\n"
         "  COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
         "}\n"
         "complete -o default -F _ebm ebm\n";
}

std::string zsh_script(const std::vector<CommandNode>& tree) {
  std::string script =
      "#compdef ebm\n"
      "# zsh completion of ebm, made by `ebm completion zsh`.\n"
      "_ebm() {\n"
      "  local command=ebm i\n"
      "  local -a commands options\n"
      "  for ((i = 2; i < CURRENT; ++i)); do\n"
      "    case \"$command $words[i]\" in\n"
      "      (" +
      path_pattern(tree, "|") +
      ") command+=\" $words[i]\" ;;\n"
      "    esac\n"
      "  done\n"
      "  case $command in\n";
  const auto item = [](const std::string& name, const std::string& what) {
    return " " + single_quoted(escaped(name, ":\\") + ":" + what);
  };
  for (const CommandNode& node : tree) {
    script += "    (" + single_quoted(node.path) + ")\n      commands=(";
    for (const CLI::App* sub : node.below) script += item(sub->get_name(), sub->get_description());
    script += ")\n      options=(";
    for (const CLI::Option* option : node.options()) {
      for (const auto& name : dashed_names(*option))
        script += item(name, option->get_description());
    }
    script += ") ;;\n";
  }
  return script +
         "  esac\n"
         "  if [[ $PREFIX == -* ]]; then\n"
         "    _describe -o option options\n"
         "  elif (( $#commands )); then\n"
         "    _describe command commands\n"
         "  else\n"
         "    _files\n"
         "  fi\n"
         "}\n"
         "_ebm \"$@\"\n";
}

std::string fish_script(const std::vector<CommandNode>& tree) {
  const auto fish_quoted = [](const std::string& text) { return "'" + escaped(text, "'\\") + "'"; };
  std::string script =
      "# fish completion of ebm, made by `ebm completion fish`.\n"
      "function __ebm_command\n"
      "    set -l command ebm\n"
      "    for word in (commandline -opc)[2..-1]\n"
      "        switch \"$command $word\"\n"
      "            case " +
      path_pattern(tree, " ") +
      "\n"
      "                set command \"$command $word\"\n"
      "        end\n"
      "    end\n"
      "    echo $command\n"
      "end\n";
  for (const CommandNode& node : tree) {
    const std::string start =
        "complete -c ebm -n 'test (__ebm_command) = " + std::string("\"") + node.path + "\"' ";
    for (const CLI::App* sub : node.below) {
      script +=
          start + "-f -a " + sub->get_name() + " -d " + fish_quoted(sub->get_description()) + "\n";
    }
    for (const CLI::Option* option : node.options()) {
      script += start;
      for (const std::string& name : option->get_snames()) script += "-s " + name + " ";
      for (const std::string& name : option->get_lnames()) script += "-l " + name + " ";
      script +=
          (takes_value(*option) ? "-r -d " : "-d ") + fish_quoted(option->get_description()) + "\n";
    }
  }
  return script;
}

}  // namespace

std::string completion_script(Shell shell, const CLI::App& app) {
  const std::vector<CommandNode> tree = command_tree(app);
  return shell == Shell::kBash  ? bash_script(tree)
         : shell == Shell::kZsh ? zsh_script(tree)
                                : fish_script(tree);
}

}  // namespace ebm::cli
