#include "training/option_checks.h"

namespace ebm::training {

void require_in_range(const char* key, std::int64_t value, std::int64_t min, std::int64_t max) {
  if (value < min || value > max) {
    refuse(key, value, "from " + std::to_string(min) + " to " + std::to_string(max));
  }
}

void require_not_negative(const char* key, double value) {
  if (!(value >= 0.0) || !(value <= kMaxNumber)) refuse(key, value, "from 0 to 1e12");
}

}  // namespace ebm::training
