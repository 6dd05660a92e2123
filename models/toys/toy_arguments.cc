#include "models/toys/toy_arguments.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>
#include <string>
#include <string_view>
#include <system_error>

#include "base/error.h"
#include "base/quote.h"

namespace ebm::models {
namespace {

constexpr int kMaxDepth = 16;

class Parser {
 public:
  explicit Parser(const std::string& spec) : spec_(spec) {}

  ToyArguments energy(std::string_view text, int depth = 0) const {
    if (depth > kMaxDepth) refuse("is nested too deeply: must be at most 16 deep");
    ToyArguments toy;
    const std::size_t end = std::min(text.find_first_of("(,"), text.size());
    toy.name = text.substr(0, end);
    text.remove_prefix(end);
    if (text.starts_with('(')) {
      const std::size_t close = matching(text);
      for (const std::string_view term : split(text.substr(1, close - 1), ';')) {
        toy.terms.push_back(weighted(term, depth + 1));
      }
      text.remove_prefix(close + 1);
      if (!text.empty() && text.front() != ',') {
        refuse(base::quote(text, '\'') + " follows a bracket: must be ,KEY=VALUE or nothing");
      }
    }
    if (text.empty()) return toy;
    std::set<std::string> keys;
    for (const std::string_view option : split(text.substr(1), ',')) {
      add_option(option, toy);
      const std::string& key = toy.options.back().key;
      if (!keys.insert(key).second) {
        refuse(base::quote(key, '\'') + " is given twice: must be given once");
      }
    }
    return toy;
  }

  [[noreturn]] void refuse(const std::string& right) const { refuse_toy(spec_, right); }

 private:
  /// WEIGHT*NAME...
  ToyArguments weighted(std::string_view text, int depth) const {
    if (text.empty()) refuse("has an empty term: must be NAME(TERM;TERM...)");
    const std::size_t star = text.find_first_of("*(,");
    if (star == std::string_view::npos || text[star] != '*') return energy(text, depth);
    double weight = 0.0;
    const auto [last, fault] = std::from_chars(text.data(), text.data() + star, weight);
    if (fault != std::errc() || last != text.data() + star || !std::isfinite(weight)) {
      refuse("the weight " + base::quote(text.substr(0, star), '\'') + " must be a number");
    }
    ToyArguments toy = energy(text.substr(star + 1), depth);
    toy.weight = weight;
    toy.has_weight = true;
    return toy;
  }

  /// Where the bracket that opens `text` closes.
  std::size_t matching(std::string_view text) const {
    int open = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '(') ++open;
      if (text[i] == ')' && --open == 0) return i;
    }
    refuse("has an open bracket: must be NAME(TERM;TERM...)");
  }

  /// Parts between separators that no bracket encloses.
  static std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    int open = 0;
    std::size_t start = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '(') ++open;
      if (text[i] == ')') --open;
      if (text[i] != separator || open != 0) continue;
      parts.push_back(text.substr(start, i - start));
      start = i + 1;
    }
    parts.push_back(text.substr(start));
    return parts;
  }

  static void add_option(std::string_view text, ToyArguments& toy) {
    const std::size_t equals = std::min(text.find('='), text.size());
    const std::string key(text.substr(0, equals));
    // A key without a value is named with its range by who knows it.
    toy.options.push_back({key, std::string(text.substr(std::min(equals + 1, text.size())))});
  }

  const std::string& spec_;
};

}  // namespace

ToyArguments parse_toy_arguments(const std::string& spec) {
  constexpr std::string_view kScheme = "toy:";
  const Parser parser(spec);
  if (!spec.starts_with(kScheme)) parser.refuse("must be toy:NAME[,KEY=VALUE]...");
  return parser.energy(std::string_view(spec).substr(kScheme.size()));
}

void refuse_toy(const std::string& spec, const std::string& right) {
  throw Error(ErrorCode::kUsage, "energy = " + spec + ": " + right);
}

}  // namespace ebm::models
