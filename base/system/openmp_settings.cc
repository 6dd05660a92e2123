#include "base/system/openmp_settings.h"

#include <limits.h>
#include <strings.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdlib>
#include <initializer_list>
#include <limits>
#include <string_view>

namespace ebm::base {
namespace {

std::string_view trimmed(std::string_view text) {
  const auto is_space = [](char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

/// The number that a text begins with, and what is behind it.
struct LeadingNumber {
  std::uint64_t value;
  std::string_view rest;
};
std::optional<LeadingNumber> leading_number_of(std::string_view text) {
  text = trimmed(text);
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc()) return std::nullopt;
  return LeadingNumber{value, trimmed({end, text.data() + text.size()})};
}

bool is_positive(std::string_view text) {
  const auto number = leading_number_of(text);
  return number && number->rest.empty() && number->value > 0 && number->value <= INT_MAX;
}

/// Without upper and lower case, as libgomp compares.
bool is_one_of(std::string_view text, std::initializer_list<const char*> words) {
  const std::string word(trimmed(text));
  return std::ranges::any_of(
      words, [&](const char* each) { return ::strcasecmp(word.c_str(), each) == 0; });
}

std::optional<std::uint64_t> stack_bytes(std::string_view text) {
  const auto number = leading_number_of(text);
  if (!number || number->rest.size() > 1) return std::nullopt;
  const char unit = number->rest.empty() ? 'k' : number->rest.front();
  const auto place = std::string_view("bkmg").find(
      static_cast<char>(std::tolower(static_cast<unsigned char>(unit))));
  if (place == std::string_view::npos) return std::nullopt;
  const auto shift = 10 * place;
  if (number->value > std::numeric_limits<std::uint64_t>::max() >> shift) return std::nullopt;
  const std::uint64_t n_bytes = number->value << shift;
  if (n_bytes < static_cast<std::uint64_t>(PTHREAD_STACK_MIN)) return std::nullopt;
  return n_bytes;
}

bool is_stack(std::string_view text) { return stack_bytes(text).has_value(); }

bool is_waiting(std::string_view text) { return is_one_of(text, {"active", "passive"}); }

bool is_spin_count(std::string_view text) {
  const auto number = leading_number_of(text);
  return is_one_of(text, {"infinite", "infinity"}) ||
         (number && is_one_of(number->rest, {"", "k", "m", "g", "t"}));
}

bool is_binding(std::string_view text) {
  return is_one_of(text.substr(0, text.find(',')),
                   {"true", "false", "master", "primary", "close", "spread"});
}

/// Sets of CPUs are not read here.
bool is_place_list(std::string_view text) {
  const std::string_view places = trimmed(text);
  return places.starts_with('{') || places.starts_with('!') ||
         is_one_of(places.substr(0, places.find('(')),
                   {"threads", "cores", "sockets", "ll_caches", "numa_domains"});
}

bool is_never_used(std::string_view) { return false; }

struct Setting {
  const char* name;
  bool (*is_taken)(std::string_view text);
};
constexpr Setting kSettings[] = {
    {"OMP_NUM_THREADS", is_positive},   {"OMP_THREAD_LIMIT", is_positive},
    {"OMP_STACKSIZE", is_stack},        {"GOMP_STACKSIZE", is_stack},
    {"OMP_WAIT_POLICY", is_waiting},    {"GOMP_SPINCOUNT", is_spin_count},
    {"OMP_PROC_BIND", is_binding},      {"OMP_PLACES", is_place_list},
    {"OMP_SCHEDULE", is_never_used},    {"OMP_CANCELLATION", is_never_used},
    {"OMP_DISPLAY_ENV", is_never_used},
};

}  // namespace

std::optional<OpenMpStack> openmp_stack() {
  for (const char* name : {"OMP_STACKSIZE", "GOMP_STACKSIZE"}) {
    const char* text = std::getenv(name);
    const auto n_bytes = text == nullptr ? std::nullopt : stack_bytes(text);
    if (n_bytes) return OpenMpStack{*n_bytes, std::string(name) + "=" + text};
  }
  return std::nullopt;
}

void forget_refused_settings() {
  for (const Setting& setting : kSettings) {
    const char* text = std::getenv(setting.name);
    if (text != nullptr && !setting.is_taken(text)) ::unsetenv(setting.name);
  }
}

}  // namespace ebm::base
