#include "base/system/stack_limit.h"

#include <sys/resource.h>

#include "base/error.h"
#include "base/system/memory_limit.h"

namespace ebm::base {

void provide_stack(std::uint64_t n_bytes, const std::string& what) {
  rlimit limit{};
  // No limit is the largest number.
  if (::getrlimit(RLIMIT_STACK, &limit) != 0 || limit.rlim_cur >= n_bytes) return;
  const rlimit raised{n_bytes, limit.rlim_max};
  if (limit.rlim_max >= n_bytes && ::setrlimit(RLIMIT_STACK, &raised) == 0) return;
  throw Error(ErrorCode::kUsage,
              "ulimit -s leaves " + byte_text(static_cast<double>(limit.rlim_cur)) +
                  " of stack: " + what + " needs " + byte_text(static_cast<double>(n_bytes)) +
                  "; set at least ulimit -s " + std::to_string((n_bytes + 1023) / 1024));
}

}  // namespace ebm::base
