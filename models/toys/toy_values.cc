#include "models/toys/toy_values.h"

#include <charconv>
#include <cmath>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/names/nearest_name.h"
#include "base/number_text.h"
#include "base/quote.h"

namespace ebm::models {
namespace {

using Kind = ToyKey::Kind;

[[noreturn]] void refuse_value(const std::string& message) {
  throw Error(ErrorCode::kUsage, message);
}

std::string bound(const ToyKey& key, double value) {
  return key.kind == Kind::kInteger ? std::to_string(static_cast<std::int64_t>(value))
                                    : base::number_text(value);
}

std::string range(const ToyKey& key) {
  if (key.kind == Kind::kText) return "must be " + key.form;
  if (key.min == key.max) return "must be " + bound(key, key.min);
  return std::string("must be ") + (key.kind == Kind::kInteger ? "an integer" : "a number") +
         " from " + bound(key, key.min) + " to " + bound(key, key.max);
}

const ToyKey& find_key(const std::vector<ToyKey>& keys, const std::string& name,
                       const std::string& toy) {
  std::vector<std::string> names;
  std::string known;
  for (const ToyKey& key : keys) {
    if (key.name == name) return key;
    names.push_back(key.name);
    known += (known.empty() ? "" : ", ") + usage(key);
  }
  const std::string nearest = base::nearest_name(name, names);
  refuse_value("unknown option " + base::quote(name, '\'') +
               (nearest.empty() ? "" : ", did you mean '" + nearest + "'?") + "; " + toy + " has " +
               (known.empty() ? "none" : known));
}

double read_number(const ToyKey& key, const std::string& text) {
  double value = 0.0;
  const char* last = text.data() + text.size();
  const auto [end, fault] = std::from_chars(text.data(), last, value);
  const bool is_number = fault == std::errc() && end == last && std::isfinite(value);
  if (!is_number || value < key.min || value > key.max ||
      (key.kind == Kind::kInteger && value != std::floor(value))) {
    refuse_value(usage(key) + " is " + base::quote(text, '\'') + ": " + range(key));
  }
  return value;
}

}  // namespace

ToyKey positive_key(std::string name, double default_value) {
  return number_key(std::move(name), default_value, 1e-15, 1e15);
}
ToyKey number_key(std::string name, double default_value, double min, double max) {
  return {std::move(name), Kind::kNumber, default_value, min, max, {}};
}
ToyKey integer_key(std::string name, double default_value, double min, double max) {
  return {std::move(name), Kind::kInteger, default_value, min, max, {}};
}
ToyKey text_key(std::string name, std::string form, bool required) {
  return {std::move(name), Kind::kText, 0, 0, 0, std::move(form), required};
}

std::string usage(const ToyKey& key) {
  if (key.kind == Kind::kText) return key.name + "=" + key.form;
  return key.name + (key.kind == Kind::kInteger ? "=D" : "=X");
}

ToyValues::ToyValues(const std::vector<ToyKey>& keys, const Expression& toy) {
  for (const ToyKey& key : keys) {
    if (key.kind != Kind::kText) numbers_[key.name] = key.default_value;
  }
  for (const Expression::Option& option : toy.options) {
    const ToyKey& key = find_key(keys, option.key, toy.name);
    if (option.value.empty()) refuse_value(usage(key) + " has no value: " + range(key));
    if (key.kind != Kind::kText) numbers_[key.name] = read_number(key, option.value);
    given_[key.name] = option.value;
  }
  for (const ToyKey& key : keys) {
    if (key.required && !is_given(key.name)) refuse_value(toy.name + " needs " + usage(key));
  }
}

const std::string& ToyValues::text(const std::string& name) const {
  static const std::string kNone;
  const auto found = given_.find(name);
  return found == given_.end() ? kNone : found->second;
}

void ToyValues::require_not_given(const std::vector<std::string>& names,
                                  const std::string& with) const {
  for (const std::string& name : names) {
    if (!is_given(name)) continue;
    std::string message = name;
    refuse_value(message.append(" is given beside ").append(with).append(": must be one of them"));
  }
}

}  // namespace ebm::models
