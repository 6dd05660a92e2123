#include "base/interruption.h"

#include "base/error.h"

namespace ebm::base {

InterruptionScope::InterruptionScope(const std::atomic<int>& stop, Clock::time_point deadline)
    : stop_(stop), deadline_(deadline) {
  const InterruptionScope* none = nullptr;
  if (!g_interruption_scope.compare_exchange_strong(none, this)) {
    throw Error(ErrorCode::kInternal, "two interruption scopes at a time");
  }
}

InterruptionScope::~InterruptionScope() { g_interruption_scope = nullptr; }

}  // namespace ebm::base
