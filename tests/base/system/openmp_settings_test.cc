#include "base/system/openmp_settings.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <utility>

namespace ebm::base {
namespace {

/// A variable of the environment, while it lives.
class ScopedVariable {
 public:
  ScopedVariable(std::string name, const char* value) : name_(std::move(name)) {
    if (const char* old = std::getenv(name_.c_str())) old_ = old;
    setenv(name_.c_str(), value, 1);
  }
  ~ScopedVariable() { old_ ? setenv(name_.c_str(), old_->c_str(), 1) : unsetenv(name_.c_str()); }
  bool is_set() const { return std::getenv(name_.c_str()) != nullptr; }

 private:
  std::string name_;
  std::optional<std::string> old_;
};

std::uint64_t stack_of(const char* text) {
  const ScopedVariable variable("OMP_STACKSIZE", text);
  const auto stack = openmp_stack();
  if (stack) {
    EXPECT_EQ(stack->setting, std::string("OMP_STACKSIZE=") + text);
  }
  return stack ? stack->n_bytes : 0;
}

bool is_kept(const char* name, const char* text) {
  const ScopedVariable variable(name, text);
  forget_refused_settings();
  return variable.is_set();
}

TEST(OpenMpSettingsTest, StacksAreInKibibytesUnlessAUnitIsThere) {
  EXPECT_EQ(stack_of("64"), 65536u);
  EXPECT_EQ(stack_of("65536B"), 65536u);
  EXPECT_EQ(stack_of(" 64 k "), 65536u);
  EXPECT_EQ(stack_of("3M"), 3u * 1048576u);
  EXPECT_EQ(stack_of("99999g"), 99999u * (std::uint64_t{1} << 30));
}

TEST(OpenMpSettingsTest, StacksThatLibgompDoesNotTakeAreNone) {
  for (const char* text : {"", "abc", "-1", "1.5", "8mm", "8 m b", "1", "15k",
                           "18446744073709551615", "99999999999999999999", "18014398509481984m"}) {
    EXPECT_EQ(stack_of(text), 0u) << text;
  }
}

TEST(OpenMpSettingsTest, TheStackOfGompCountsWhereThatOfOmpDoesNot) {
  const ScopedVariable gomp("GOMP_STACKSIZE", "2m");
  EXPECT_EQ(openmp_stack()->setting, "GOMP_STACKSIZE=2m");
  const ScopedVariable bad("OMP_STACKSIZE", "abc");
  EXPECT_EQ(openmp_stack()->setting, "GOMP_STACKSIZE=2m");
  const ScopedVariable good("OMP_STACKSIZE", "1m");
  EXPECT_EQ(openmp_stack()->setting, "OMP_STACKSIZE=1m");
}

TEST(OpenMpSettingsTest, WhatLibgompTakesStays) {
  const std::pair<const char*, const char*> settings[] = {
      {"OMP_NUM_THREADS", "4"},   {"OMP_THREAD_LIMIT", " 8 "},    {"OMP_STACKSIZE", "8m"},
      {"GOMP_STACKSIZE", "512"},  {"OMP_WAIT_POLICY", "PASSIVE"}, {"GOMP_SPINCOUNT", "1000"},
      {"GOMP_SPINCOUNT", "30 k"}, {"GOMP_SPINCOUNT", "infinity"}, {"OMP_PROC_BIND", "spread,close"},
      {"OMP_PROC_BIND", "true"},  {"OMP_PLACES", "cores(2)"},     {"OMP_PLACES", "{0:2},{2:2}"},
  };
  for (const auto& [name, text] : settings) {
    EXPECT_TRUE(is_kept(name, text)) << name << '=' << text;
  }
}

TEST(OpenMpSettingsTest, WhatLibgompRefusesOrNothingUsesGoes) {
  const std::pair<const char*, const char*> settings[] = {
      {"OMP_NUM_THREADS", "0"},         {"OMP_NUM_THREADS", "-1"},
      {"OMP_NUM_THREADS", "abc"},       {"OMP_NUM_THREADS", ""},
      {"OMP_NUM_THREADS", "1.5"},       {"OMP_NUM_THREADS", "99999999999999999999"},
      {"OMP_THREAD_LIMIT", "0"},        {"OMP_STACKSIZE", "1"},
      {"GOMP_STACKSIZE", "abc"},        {"OMP_WAIT_POLICY", "nonsense"},
      {"GOMP_SPINCOUNT", "nonsense"},   {"OMP_PROC_BIND", "nonsense"},
      {"OMP_PLACES", "nonsense"},       {"OMP_PLACES", ""},
      {"OMP_SCHEDULE", "dynamic"},      {"OMP_DISPLAY_ENV", "true"},
      {"OMP_CANCELLATION", "nonsense"},
  };
  for (const auto& [name, text] : settings) {
    EXPECT_FALSE(is_kept(name, text)) << name << '=' << text;
  }
}

}  // namespace
}  // namespace ebm::base
