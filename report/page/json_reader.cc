#include "report/page/json_reader.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <utility>

#include "base/error.h"

namespace ebm::report {
namespace {

constexpr double kLargest = 1e100;

}  // namespace

JsonReader::JsonReader(std::string path) : path_(std::move(path)) {}

void JsonReader::refuse(const std::string& what) const {
  throw Error(ErrorCode::kBadData, path_ + ": " + what);
}

void JsonReader::refuse_type(const std::string& name, const Json& found,
                             const char* expected) const {
  refuse(name + " is of type " + found.type_name() + ", expected " + expected);
}

JsonReader::Json JsonReader::take_object(Json& parent, const std::string& key) const {
  const auto found = parent.find(key);
  if (found == parent.end()) return Json::object();
  Json object = require_object(std::move(*found), key);
  parent.erase(key);
  return object;
}

JsonReader::Json JsonReader::require_object(Json value, const std::string& name) const {
  if (!value.is_object()) refuse_type(name, value, "an object");
  return value;
}

const JsonReader::Json& JsonReader::require_array(const Json& value,
                                                  const std::string& name) const {
  if (!value.is_array()) refuse_type(name, value, "an array");
  return value;
}

double JsonReader::require_number(const Json& value, const std::string& name) const {
  if (!value.is_number()) refuse_type(name, value, "a number");
  const auto number = value.get<double>();
  if (std::abs(number) > kLargest) {
    refuse(name + " is " + value.dump() + ", expected at most 1e100");
  }
  return number;
}

double JsonReader::number_at(const Json& parent, const std::string& key,
                             const std::string& name) const {
  const auto found = parent.find(key);
  if (found == parent.end()) refuse(name + " is missing");
  return require_number(*found, name);
}

std::size_t JsonReader::index_at(const Json& parent, const std::string& key,
                                 const std::string& name, std::size_t end) const {
  const double number = number_at(parent, key, name);
  if (!(number >= 0.0 && number < static_cast<double>(end) && number == std::floor(number))) {
    refuse(name + " is " + parent.at(key).dump() + ", expected a whole number below " +
           std::to_string(end));
  }
  return static_cast<std::size_t>(number);
}

JsonReader::Values JsonReader::take_numbers(Json& parent, const std::string& key,
                                            const std::string& name, bool may_be_null) const {
  const auto found = parent.find(key);
  if (found == parent.end()) return {};
  if (!found->is_array()) refuse_type(name, *found, "an array of numbers");
  if (found->size() > kMaxValues) {
    refuse(name + " has " + std::to_string(found->size()) + " values, expected at most " +
           std::to_string(kMaxValues));
  }
  Values values;
  for (const Json& entry : *found) {
    values.push_back(may_be_null && entry.is_null() ? std::numeric_limits<double>::quiet_NaN()
                                                    : require_number(entry, "an entry of " + name));
  }
  parent.erase(key);
  return values;
}

void JsonReader::require_rising(const Values& values, const std::string& name) const {
  if (std::ranges::adjacent_find(values, std::greater_equal<>()) != values.end()) {
    refuse(name + " do not rise from one to the next");
  }
}

void JsonReader::require_size(const Values& values, const std::string& name, std::size_t size,
                              const std::string& of) const {
  if (values.size() == size) return;
  refuse(name + " has " + std::to_string(values.size()) + " values, expected " +
         std::to_string(size) + ", " + of);
}

}  // namespace ebm::report
