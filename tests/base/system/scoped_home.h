#pragma once

#include <cstdlib>
#include <optional>
#include <string>

namespace ebm::base {

/// Sets or unsets HOME while it lives.
class ScopedHome {
 public:
  explicit ScopedHome(const char* home) {
    if (const char* old = std::getenv("HOME")) old_ = old;
    if (home == nullptr) {
      unsetenv("HOME");
    } else {
      setenv("HOME", home, 1);
    }
  }
  ~ScopedHome() { old_ ? setenv("HOME", old_->c_str(), 1) : unsetenv("HOME"); }

 private:
  std::optional<std::string> old_;
};

}  // namespace ebm::base
