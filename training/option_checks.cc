#include "training/option_checks.h"

namespace ebm::training {

void require_in_range(const char* key, std::int64_t value, std::int64_t least, std::int64_t most) {
  if (value < least || value > most) {
    refuse(key, value, "from " + std::to_string(least) + " to " + std::to_string(most));
  }
}

void require_not_negative(const char* key, double value) {
  constexpr double kLargest = 1e12;
  if (!(value >= 0.0) || !(value <= kLargest)) refuse(key, value, "from 0 to 1e12");
}

void require_one_of(const char* key, const std::string& value,
                    std::initializer_list<const char*> known) {
  std::string names;
  for (const char* name : known) {
    if (value == name) return;
    names += (names.empty() ? "" : ", ") + std::string(name);
  }
  refuse(key, value, known.size() == 1 ? names : "one of " + names);
}

}  // namespace ebm::training
