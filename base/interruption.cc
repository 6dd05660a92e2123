#include "base/interruption.h"

#include "base/error.h"

namespace ebm::base {

InterruptionScope::InterruptionScope(const std::atomic<int>& stop, Clock::time_point deadline)
    : stop_(stop), deadline_(deadline) {
  const InterruptionScope* none = nullptr;
  if (g_interruption_scope.compare_exchange_strong(none, this)) return;
  is_inside_ = &none->stop_ == &stop_;
  if (!is_inside_) {
    throw Error(ErrorCode::kInternal, "two interruption scopes at a time");
  }
}

InterruptionScope::~InterruptionScope() {
  if (!is_inside_) g_interruption_scope = nullptr;
}

InterruptionPause::InterruptionPause() { ++g_interruption_pauses; }

InterruptionPause::~InterruptionPause() { --g_interruption_pauses; }

}  // namespace ebm::base
