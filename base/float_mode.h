#pragma once

namespace ebm::base {

/// While it lives, the calling thread flushes denormal numbers to zero (inputs and results), as
/// arithmetic on them is two orders of magnitude slower. The previous mode is restored. On other
/// processors than x86-64 and AArch64 it does nothing.
class FlushDenormals {
 public:
  FlushDenormals();
  ~FlushDenormals();
  FlushDenormals(const FlushDenormals&) = delete;
  FlushDenormals& operator=(const FlushDenormals&) = delete;

 private:
  unsigned long long saved_ = 0;
};

}  // namespace ebm::base
