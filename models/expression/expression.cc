#include "models/expression/expression.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/names/nearest_name.h"
#include "base/path_kind.h"
#include "base/quote.h"

namespace ebm::models {
namespace {

constexpr int kMaxDepth = 16;
constexpr std::string_view kToyScheme = "toy:";

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n'; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

/// Letters alone, as names of functions and keys have.
bool is_word(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](unsigned char c) {
    return std::isalpha(c) != 0 || c == '_';
  });
}

/// What is inside of which brackets.
struct Place {
  int depth;            ///< of the expression
  bool is_toy = false;  ///< names are those of toys
};

class Parser {
 public:
  Parser(const std::string& option, const std::string& text, const IsName& is_name)
      : option_(option), text_(text), is_name_(is_name) {}

  Expression parse() const {
    const std::string_view all = trimmed(text_);
    if (is_name(all)) return model(all);
    require_brackets(all);
    return sum(all, {0});
  }

 private:
  [[noreturn]] void refuse(const std::string& right) const {
    refuse_expression(option_, text_, right);
  }

  bool is_name(std::string_view text) const { return is_name_ && is_name_(std::string(text)); }

  void require_brackets(std::string_view text) const {
    int open = 0;
    for (const char c : text) {
      if (c == '(') ++open;
      if (c == ')' && --open < 0) refuse("')' closes no bracket");
    }
    if (open > 0) refuse("has an open bracket: must be closed by )");
  }

  /// TERM [+|- TERM]...
  Expression sum(std::string_view text, Place place) const {
    if (place.depth > kMaxDepth) refuse("is nested too deeply: must be at most 16 deep");
    text = trimmed(text);
    if (!place.is_toy && is_name(text)) return model(text);
    Expression sum;
    sum.kind = Expression::Kind::kSum;
    sum.text = text;
    std::size_t start = 0;
    bool is_negative = false;
    for (const std::size_t at : operators(text)) {
      if (at > 0)
        sum.terms.push_back(signed_term(text.substr(start, at - start), is_negative, place));
      is_negative = text[at] == '-';
      start = at + 1;
    }
    Expression last = signed_term(text.substr(start), is_negative, place);
    if (sum.terms.empty()) return last;
    sum.terms.push_back(std::move(last));
    return sum;
  }

  static bool is_operator(std::string_view text, std::size_t i) {
    if (text[i] != '+' && text[i] != '-') return false;
    const bool before = i == 0 || is_space(text[i - 1]) || text[i - 1] == ')';
    const bool after = i + 1 == text.size() || is_space(text[i + 1]) || text[i + 1] == '(';
    return before && after;
  }

  /// Whether KEY=VALUE of a toy goes on beyond an operator, as VALUE is a file with that name.
  static bool is_in_file_name(std::string_view text, std::size_t at) {
    const std::size_t equals = text.rfind('=', at);
    const std::size_t comma = text.rfind(',', at);
    if (equals == std::string_view::npos || comma == std::string_view::npos || equals < comma) {
      return false;
    }
    const std::size_t end = std::min(text.find(',', at), text.size());
    for (std::size_t i = at + 1; i <= end; ++i) {
      if (i < end && !is_operator(text, i)) continue;
      const std::string_view value = trimmed(text.substr(equals + 1, i - equals - 1));
      if (base::path_exists(std::string(value))) return true;
    }
    return false;
  }

  /// Where a + or − outside of brackets has a space or a bracket on both sides.
  static std::vector<std::size_t> operators(std::string_view text) {
    std::vector<std::size_t> found;
    int open = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '(') ++open;
      if (text[i] == ')') --open;
      if (open == 0 && is_operator(text, i) && !is_in_file_name(text, i)) found.push_back(i);
    }
    return found;
  }

  Expression signed_term(std::string_view text, bool is_negative, Place place) const {
    Expression term = weighted(text, place);
    if (is_negative) {
      term.weight = -term.weight;
      term.has_weight = true;
    }
    return term;
  }

  /// [WEIGHT*]FACTOR
  Expression weighted(std::string_view text, Place place) const {
    text = trimmed(text);
    double weight = 1.0;
    bool has_weight = false;
    while (place.is_toy || !is_name(text)) {
      const std::size_t star = text.find_first_of("*(,#");
      if (star == std::string_view::npos || text[star] != '*') break;
      weight *= number("the weight ", trimmed(text.substr(0, star)));
      has_weight = true;
      text = trimmed(text.substr(star + 1));
    }
    Expression term = factor(text, place);
    term.weight = weight;
    term.has_weight = has_weight;
    return term;
  }

  double number(const char* what, std::string_view text) const {
    double value = 0.0;
    const auto [last, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (fault != std::errc() || last != text.data() + text.size() || !std::isfinite(value)) {
      refuse(what + base::quote(text, '\'') + " must be a number");
    }
    return value;
  }

  Expression factor(std::string_view text, Place place) const {
    if (text.empty()) refuse("has an empty term: must be MODEL, or NAME(TERM;TERM...)");
    if (!place.is_toy && is_name(text)) return model(text);
    if (text.front() == '(') return group(text, place);
    if (text.starts_with(kToyScheme)) return toy(text, text.substr(kToyScheme.size()), place);
    if (place.is_toy) return toy(text, text, place);
    const std::size_t bracket = std::min(text.find('('), text.size());
    const std::string_view name = text.substr(0, bracket);
    if (bracket == text.size() || !is_word(name)) return model(text);
    return function(name, text, bracket, place);
  }

  Expression group(std::string_view text, Place place) const {
    const std::string_view inside = in_brackets(text, 0);
    require_end(text.substr(inside.size() + 2));
    Expression inner = sum(inside, {place.depth + 1, place.is_toy});
    if (!inner.has_weight) return inner;
    // Its weight is of the energy, also where one before the brackets is of a density.
    Expression outer;
    outer.kind = Expression::Kind::kSum;
    outer.text = text;
    outer.terms.push_back(std::move(inner));
    return outer;
  }

  Expression function(std::string_view name, std::string_view text, std::size_t bracket,
                      Place place) const {
    static const std::vector<std::string> kNames{"sum", "mix"};
    Expression made;
    made.text = text;
    if (std::ranges::find(kNames, name) == kNames.end()) {
      const std::string nearest = base::nearest_name(name, kNames);
      refuse("no such function: " + base::quote(name, '\'') +
             (nearest.empty() ? "; " : "; did you mean " + nearest + "? ") +
             "the functions are sum(TERM;TERM...) and mix(TERM;TERM...)");
    }
    made.kind = name == "sum" ? Expression::Kind::kSum : Expression::Kind::kMixture;
    const std::string_view inside = in_brackets(text, bracket);
    require_end(text.substr(bracket + inside.size() + 2));
    made.terms = terms(inside, {place.depth + 1, false});
    const Expression& first = made.terms.front();
    if (made.terms.size() == 1 && first.kind == Expression::Kind::kModel &&
        first.name.find(',') != std::string::npos && !is_name(first.text)) {
      refuse("has one term in " + std::string(name) + "(): must have ; between terms, not a comma");
    }
    return made;
  }

  /// NAME[(TERM;TERM...)][,KEY=VALUE]...
  Expression toy(std::string_view text, std::string_view rest, Place place) const {
    Expression toy;
    toy.kind = Expression::Kind::kToy;
    toy.text = text;
    const std::size_t end = std::min(rest.find_first_of("(,"), rest.size());
    toy.name = trimmed(rest.substr(0, end));
    rest.remove_prefix(end);
    if (rest.starts_with('(')) {
      const std::string_view inside = in_brackets(rest, 0);
      toy.terms = terms(inside, {place.depth + 1, true});
      rest.remove_prefix(inside.size() + 2);
      if (!rest.empty() && rest.front() != ',') require_end(rest);
    }
    if (rest.empty()) return toy;
    for (const std::string_view option : split(rest.substr(1), ',')) {
      const std::size_t equals = std::min(option.find('='), option.size());
      // A key without a value is named with its range by who knows it.
      toy.options.push_back({std::string(option.substr(0, equals)),
                             std::string(option.substr(std::min(equals + 1, option.size())))});
    }
    require_once(toy);
    return toy;
  }

  /// NAME[#KEY=VALUE[,KEY=VALUE]]
  Expression model(std::string_view text) const {
    Expression model;
    model.text = text;
    model.name = text;
    if (is_name(text)) return model;
    const std::size_t hash = text.rfind('#');
    if (hash == std::string_view::npos) return model;
    model.name = trimmed(text.substr(0, hash));
    for (const std::string_view part : split(text.substr(hash + 1), ',')) {
      add_condition(part, model);
    }
    require_once(model);
    return model;
  }

  /// A comma may be in the name of a class.
  void add_condition(std::string_view part, Expression& model) const {
    static const std::vector<std::string> kKeys{"class", "level"};
    const std::size_t equals = part.find('=');
    const std::string key(trimmed(part.substr(0, std::min(equals, part.size()))));
    if (equals != std::string_view::npos && std::ranges::find(kKeys, key) != kKeys.end()) {
      const std::string value(trimmed(part.substr(equals + 1)));
      if (value.empty())
        refuse(key + " has no value: must be " +
               (key == "class" ? "a name, a label or none" : "a number"));
      if (key == "level") number("the level ", value);
      model.options.push_back({key, value});
      return;
    }
    if (!model.options.empty() && equals == std::string_view::npos) {
      model.options.back().value.append(",").append(part);
      return;
    }
    const std::string nearest = base::nearest_name(key, kKeys);
    refuse("unknown option " + base::quote(key, '\'') + " of a model" +
           (nearest.empty() ? "; " : ", did you mean '" + nearest + "'? ") +
           "must be #class=NAME, #class=K, #class=none or #level=X");
  }

  void require_once(const Expression& expression) const {
    std::set<std::string> keys;
    for (const Expression::Option& option : expression.options) {
      if (keys.insert(option.key).second) continue;
      refuse(base::quote(option.key, '\'') + " is given twice: must be given once");
    }
  }

  std::vector<Expression> terms(std::string_view inside, Place place) const {
    std::vector<Expression> terms;
    for (const std::string_view term : split(inside, ';')) terms.push_back(sum(term, place));
    return terms;
  }

  /// What the bracket at `open` encloses; all of them are closed.
  static std::string_view in_brackets(std::string_view text, std::size_t open) {
    int depth = 0;
    std::size_t i = open;
    for (; i < text.size(); ++i) {
      if (text[i] == '(') ++depth;
      if (text[i] == ')' && --depth == 0) break;
    }
    return text.substr(open + 1, i - open - 1);
  }

  void require_end(std::string_view rest) const {
    if (trimmed(rest).empty()) return;
    refuse(base::quote(rest, '\'') + " follows a bracket: must be ,KEY=VALUE of a toy, or + or - " +
           "with a space on both sides");
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

  const std::string& option_;
  const std::string& text_;
  const IsName& is_name_;
};

}  // namespace

Expression parse_expression(const std::string& option, const std::string& text,
                            const IsName& is_name) {
  return Parser(option, text, is_name).parse();
}

void refuse_expression(const std::string& option, const std::string& text,
                       const std::string& right) {
  throw Error(ErrorCode::kUsage, option + " = " + text + ": " + right);
}

bool is_leaf(const Expression& expression) {
  return expression.kind == Expression::Kind::kModel || expression.kind == Expression::Kind::kToy;
}

bool has_mixture(const Expression& expression) {
  return expression.kind == Expression::Kind::kMixture ||
         std::ranges::any_of(expression.terms, has_mixture);
}

bool has_only_toys(const Expression& expression) {
  if (expression.kind == Expression::Kind::kModel) return false;
  return std::ranges::all_of(expression.terms, has_only_toys);
}

}  // namespace ebm::models
