#include "cli/strict_values.h"

#include <charconv>
#include <cstdint>
#include <string>
#include <system_error>

namespace ebm::cli {
namespace {

/// The name of an option in messages: "step-size", or MODEL.
std::string message_name(const CLI::Option& option) {
  return option.get_lnames().empty() ? option.get_name() : option.get_lnames().front();
}

/// from_chars() takes no plus.
const char* after_plus(const std::string& text) {
  return text.data() + (text.size() > 1 && text[0] == '+' && text[1] != '-' ? 1 : 0);
}

/// What is wrong with a whole number; writes it without leading zeros, as they mean base 8 to
/// CLI11.
std::string integer_fault(std::string& text) {
  std::int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [last, error] = std::from_chars(after_plus(text), end, value);
  if (last != end || error == std::errc::invalid_argument) return "must be a whole number";
  if (error == std::errc::result_out_of_range) {
    return "must be from -9223372036854775808 to 9223372036854775807";
  }
  text = std::to_string(value);
  return "";
}

std::string float_fault(const std::string& text) {
  double value = 0.0;
  const char* end = text.data() + text.size();
  const auto [last, error] = std::from_chars(after_plus(text), end, value);
  if (last != end || error == std::errc::invalid_argument) return "must be a number";
  return error == std::errc::result_out_of_range ? "must be a number from 1e-307 to 1e308 in size"
                                                 : "";
}

std::string value_fault(const std::string& type, std::string& text) {
  if (type.starts_with("INT")) return integer_fault(text);
  if (type.starts_with("FLOAT")) return float_fault(text);
  return text.empty() ? "must not be empty" : "";
}

}  // namespace

void check_values(CLI::App& program) {
  for (CLI::Option* option : program.get_options()) {
    if (option->get_type_size_max() == 0) continue;  // a flag
    // After "1,2" CLI11 goes on to take what follows, the command's arguments too.
    if (option->get_delimiter() != '\0') option->allow_extra_args(false);
    const std::string type = option->get_type_name();
    option->transform(CLI::Validator(
        [name = message_name(*option), type](std::string& text) {
          const std::string given = text;
          const std::string fault = value_fault(type, text);
          // CLI11 would put its own name of the option before a message that is returned.
          if (!fault.empty()) throw CLI::ConversionError(name + " = " + given + ": " + fault);
          return std::string();
        },
        ""));
  }
  for (CLI::App* command : program.get_subcommands([](CLI::App*) { return true; })) {
    check_values(*command);
  }
}

}  // namespace ebm::cli
