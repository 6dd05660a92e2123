// The entry point that libFuzzer calls, for one target: EBM_FUZZ_TARGET is its function.

#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "tests/fuzz/run_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static constexpr ebm::fuzz::Target kTarget{"", ebm::fuzz::EBM_FUZZ_TARGET};
  const auto fault = ebm::fuzz::fault_of(kTarget, {reinterpret_cast<const char*>(data), size});
  if (fault) {
    std::fprintf(stderr, "FAULT: %s\n", fault->c_str());
    std::abort();
  }
  return 0;
}
