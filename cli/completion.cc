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

/// An option or argument of a command, and what may be its value.
struct ValuedOption {
  std::string name;
  OfferedValues offered;
};

/// The options that take values, one entry for each of their names.
std::vector<ValuedOption> valued_options(const CommandNode& node, const ValuesOf& values_of) {
  std::vector<ValuedOption> valued;
  for (const CLI::Option* option : node.options()) {
    if (!takes_value(*option)) continue;
    for (const std::string& name : dashed_names(*option)) {
      valued.push_back({name, values_of ? values_of(node.path, name) : OfferedValues{}});
    }
  }
  return valued;
}

/// What a command without sub-commands offers as its first argument.
OfferedValues argument_values(const CommandNode& node, const ValuesOf& values_of) {
  const auto arguments = node.arguments();
  if (!values_of || arguments.empty() || !node.below.empty()) return {};
  return values_of(node.path, arguments.front()->get_name(true));
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

/// Without values bash completes files by itself.
std::string bash_words(const OfferedValues& offered) {
  if (offered.values.empty()) return "words= files=";
  return "words=" + single_quoted(joined(offered.values)) +
         (offered.or_file ? " files=yes" : " files=");
}

std::string bash_script(const std::vector<CommandNode>& tree, const ValuesOf& values_of) {
  std::string script =
      "# bash completion of ebm, made by `ebm completion bash`.\n"
      "_ebm() {\n"
      "  local current=${COMP_WORDS[COMP_CWORD]} command=ebm words= files= begin= i\n"
      "  local at=$((COMP_CWORD - 1))\n"
      "  for ((i = 1; i < COMP_CWORD; ++i)); do\n"
      "    case \"$command ${COMP_WORDS[i]}\" in\n"
      "      " +
      path_pattern(tree, " | ") +
      ") command+=\" ${COMP_WORDS[i]}\" ;;\n"
      "    esac\n"
      "  done\n"
      "  # bash breaks words at : and =, which become words of their own.\n"
      "  if [[ $current == [:=] ]]; then\n"
      "    current=\n"
      "    ((++at))\n"
      "  fi\n"
      "  while ((at > 1)) && [[ ${COMP_WORDS[at]} == : ]]; do\n"
      "    begin=${COMP_WORDS[at - 1]}:$begin\n"
      "    ((at -= 2))\n"
      "  done\n"
      "  [[ ${COMP_WORDS[at]} == = ]] && ((--at))\n"
      "  case $command in\n";
  std::string values;
  for (const CommandNode& node : tree) {
    std::string words;
    for (const CLI::App* sub : node.below) words += " " + sub->get_name();
    std::string options;
    for (const CLI::Option* option : node.options()) {
      for (const std::string& name : dashed_names(*option)) options += " " + name;
    }
    const OfferedValues offered = argument_values(node, values_of);
    script += "    " + single_quoted(node.path) + ")\n      " +
              (offered.values.empty() ? "words=" + single_quoted(words) : bash_words(offered)) +
              "\n      [[ $current == -* ]] && words=" + single_quoted(options) + " files= ;;\n";
    for (const ValuedOption& option : valued_options(node, values_of)) {
      values += "    " + single_quoted(node.path + " " + option.name) + ") " +
                bash_words(option.offered) + " ;;\n";
    }
  }
  return script +
         "  esac\n"
         "  case \"$command ${COMP_WORDS[at]}\" in\n" +
         values +
         "  esac\n"
         "  COMPREPLY=($(compgen -W \"$words\" -- \"$begin$current\"))\n"
         "  COMPREPLY=(\"${COMPREPLY[@]#\"$begin\"}\")\n"
         "  if [[ -n $files ]]; then\n"
         "    while IFS= read -r i; do COMPREPLY+=(\"$i\"); done < <(compgen -f -- \"$current\")\n"
         "    compopt -o filenames 2> /dev/null\n"
         "  fi\n"
         "  return 0\n"
         "}\n"
         "complete -o default -F _ebm ebm\n";
}

std::string zsh_script(const std::vector<CommandNode>& tree, const ValuesOf& values_of) {
  std::string script =
      "#compdef ebm\n"
      "# zsh completion of ebm, made by `ebm completion zsh`.\n"
      "_ebm() {\n"
      "  local command=ebm previous=$words[CURRENT-1] files=yes i\n"
      "  local -a commands options values\n"
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
  const auto offer = [](const OfferedValues& offered) {
    return "values=(" + joined(offered.values) + ")" + (offered.or_file ? "" : " files=");
  };
  std::string values;
  for (const CommandNode& node : tree) {
    const OfferedValues offered = argument_values(node, values_of);
    for (const ValuedOption& option : valued_options(node, values_of)) {
      values += "    (" + single_quoted(node.path + " " + option.name) + ") " +
                offer(option.offered) + " ;;\n";
    }
    script += "    (" + single_quoted(node.path) + ")\n";
    if (!offered.values.empty()) script += "      " + offer(offered) + "\n";
    script += "      commands=(";
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
         "  if [[ $PREFIX == --*=* ]]; then\n"
         "    previous=${PREFIX%%=*}\n"
         "    compset -P '*='\n"
         "  elif [[ $PREFIX == -* ]]; then\n"
         "    _describe -o option options\n"
         "    return\n"
         "  fi\n"
         "  case \"$command $previous\" in\n" +
         values +
         "  esac\n"
         "  if (( $#commands )); then\n"
         "    _describe command commands\n"
         "    return\n"
         "  fi\n"
         "  (( $#values )) && compadd -a values\n"
         "  compset -P '*:'\n"
         "  [[ -n $files ]] && _files\n"
         "}\n"
         "# As a file of fpath, or read by `source`.\n"
         "if [[ $funcstack[1] == _ebm ]]; then\n"
         "  _ebm \"$@\"\n"
         "else\n"
         "  compdef _ebm ebm\n"
         "fi\n";
}

std::string fish_script(const std::vector<CommandNode>& tree, const ValuesOf& values_of) {
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
      const OfferedValues offered = values_of && takes_value(*option)
                                        ? values_of(node.path, dashed_names(*option).back())
                                        : OfferedValues{};
      if (!offered.values.empty()) {
        script += std::string(offered.or_file ? "" : "-f ") + "-a " +
                  fish_quoted(joined(offered.values)) + " ";
      }
      script +=
          (takes_value(*option) ? "-r -d " : "-d ") + fish_quoted(option->get_description()) + "\n";
    }
    const OfferedValues offered = argument_values(node, values_of);
    if (!offered.values.empty()) {
      script += start + (offered.or_file ? "" : "-f ") + "-a " +
                fish_quoted(joined(offered.values)) + "\n";
    }
  }
  return script;
}

}  // namespace

std::string completion_script(Shell shell, const CLI::App& app, const ValuesOf& values_of) {
  const std::vector<CommandNode> tree = command_tree(app);
  return shell == Shell::kBash  ? bash_script(tree, values_of)
         : shell == Shell::kZsh ? zsh_script(tree, values_of)
                                : fish_script(tree, values_of);
}

}  // namespace ebm::cli
