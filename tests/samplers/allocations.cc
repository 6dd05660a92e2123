#include "tests/samplers/allocations.h"

#include <atomic>
#include <cstdlib>
#include <new>

namespace ebm::samplers {
namespace {

std::atomic<std::int64_t> g_count{0}, g_bytes{0}, g_largest{0};

void* allocate(std::size_t size, std::size_t alignment) {
  const auto bytes = static_cast<std::int64_t>(size);
  ++g_count;
  g_bytes += bytes;
  std::int64_t largest = g_largest;
  while (largest < bytes && !g_largest.compare_exchange_weak(largest, bytes)) {
  }
  void* memory = nullptr;
  if (::posix_memalign(&memory, alignment, size) != 0) throw std::bad_alloc();
  return memory;
}

}  // namespace

Allocations::Allocations() { g_count = g_bytes = g_largest = 0; }
std::int64_t Allocations::count() const { return g_count; }
std::int64_t Allocations::bytes() const { return g_bytes; }
std::int64_t Allocations::largest() const { return g_largest; }

}  // namespace ebm::samplers

// Those for arrays, with std::nothrow and with a size call these.
void* operator new(std::size_t size) {
  return ebm::samplers::allocate(size, alignof(std::max_align_t));
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  return ebm::samplers::allocate(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
