#include "tests/fuzz/allocation_meter.h"

#include <malloc.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdint>

#ifndef __has_feature
#define __has_feature(x) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || \
    __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define EBM_FUZZ_HOOKS 1
#include <sanitizer/allocator_interface.h>
#endif

namespace ebm::fuzz {
namespace {

std::atomic<std::int64_t> live{0}, highest{0}, most{0};
std::atomic<bool> is_on{false};

/// Counts bytes before they are allocated; false if they would pass the limit.
bool reserve(std::size_t size) {
  if (!is_on) return true;
  const auto bytes = static_cast<std::int64_t>(std::min<std::size_t>(size, std::size_t{1} << 60));
  const std::int64_t now = live += bytes;
  for (std::int64_t before = highest; now > before;) {
    if (highest.compare_exchange_weak(before, now)) break;
  }
  if (now <= most) return true;
  live -= bytes;
  return false;
}

void release(std::size_t size) {
  if (is_on) live -= static_cast<std::int64_t>(size);
}

#ifdef EBM_FUZZ_HOOKS

void on_malloc(const volatile void*, std::size_t size) { reserve(size); }
void on_free(const volatile void* place) {
  if (place == nullptr) return;
  release(__sanitizer_get_allocated_size(const_cast<const void*>(place)));
}

#endif

}  // namespace

AllocationMeter::AllocationMeter(std::size_t limit) {
#ifdef EBM_FUZZ_HOOKS
  [[maybe_unused]] static const int installed =
      __sanitizer_install_malloc_and_free_hooks(on_malloc, on_free);
#endif
  live = 0;
  highest = 0;
  most = static_cast<std::int64_t>(limit);
  is_on = true;
}

AllocationMeter::~AllocationMeter() { is_on = false; }

std::size_t AllocationMeter::peak() const { return static_cast<std::size_t>(highest.load()); }

#ifndef EBM_FUZZ_HOOKS
namespace {

/// Counts what the C library really gave for `size` bytes that were reserved.
void* given(void* place, std::size_t size) {
  if (place == nullptr) {
    release(size);
  } else if (is_on) {
    live += static_cast<std::int64_t>(malloc_usable_size(place)) - static_cast<std::int64_t>(size);
  }
  return place;
}

void* refused() {
  errno = ENOMEM;
  return nullptr;
}

}  // namespace
#endif

}  // namespace ebm::fuzz

#ifndef EBM_FUZZ_HOOKS

// In place of the C library's functions, which these call.
extern "C" {

void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t n, std::size_t size);
void* __libc_realloc(void* place, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
void __libc_free(void* place);

void* malloc(std::size_t size) {
  return ebm::fuzz::reserve(size) ? ebm::fuzz::given(__libc_malloc(size), size)
                                  : ebm::fuzz::refused();
}

void* calloc(std::size_t n, std::size_t size) {
  std::size_t bytes = 0;
  if (__builtin_mul_overflow(n, size, &bytes)) bytes = SIZE_MAX;
  return ebm::fuzz::reserve(bytes) ? ebm::fuzz::given(__libc_calloc(n, size), bytes)
                                   : ebm::fuzz::refused();
}

void* realloc(void* place, std::size_t size) {
  const std::size_t before = place == nullptr ? 0 : malloc_usable_size(place);
  if (!ebm::fuzz::reserve(size)) return ebm::fuzz::refused();
  void* moved = ebm::fuzz::given(__libc_realloc(place, size), size);
  if (moved != nullptr || size == 0) ebm::fuzz::release(before);
  return moved;
}

void* memalign(std::size_t alignment, std::size_t size) {
  return ebm::fuzz::reserve(size) ? ebm::fuzz::given(__libc_memalign(alignment, size), size)
                                  : ebm::fuzz::refused();
}

void* aligned_alloc(std::size_t alignment, std::size_t size) { return memalign(alignment, size); }

int posix_memalign(void** place, std::size_t alignment, std::size_t size) {
  *place = memalign(alignment, size);
  return *place == nullptr ? ENOMEM : 0;
}

void free(void* place) {
  if (place != nullptr) ebm::fuzz::release(malloc_usable_size(place));
  __libc_free(place);
}

}  // extern "C"
#endif
