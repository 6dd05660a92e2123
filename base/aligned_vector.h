#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <new>
#include <vector>

namespace ebm::base {

/// Allocator of storage aligned to a cache line, which is also the widest SIMD register; large
/// storage asks for huge pages: page faults and TLB misses in the workspace of a wide network, 100
/// MB, would otherwise take a quarter of the time of a short run of chains.
template <class T>
struct AlignedAllocator {
  using value_type = T;

  AlignedAllocator() = default;
  template <class U>
  explicit AlignedAllocator(const AlignedAllocator<U>&) {}

  T* allocate(std::size_t n) {
    const std::size_t bytes = n * sizeof(T);
    void* const p = ::operator new(bytes, alignment_of(bytes));
#ifdef MADV_HUGEPAGE
    // Only advice: where there are no huge pages, it fails and changes nothing.
    if (bytes >= kHuge) madvise(p, bytes, MADV_HUGEPAGE);
#endif
    return static_cast<T*>(p);
  }
  void deallocate(T* p, std::size_t n) { ::operator delete(p, alignment_of(n * sizeof(T))); }

  template <class U>
  bool operator==(const AlignedAllocator<U>&) const {
    return true;
  }

 private:
  static constexpr std::size_t kHugePage = std::size_t{1} << 21, kHuge = 4 * kHugePage;
  static std::align_val_t alignment_of(std::size_t bytes) {
    return std::align_val_t{bytes >= kHuge ? kHugePage : 64};
  }
};

/// std::vector whose data() is 64-byte aligned.
template <class T>
using AlignedVector = std::vector<T, AlignedAllocator<T>>;

}  // namespace ebm::base
