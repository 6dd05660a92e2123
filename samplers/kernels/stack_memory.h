#pragma once

#include <array>
#include <cstddef>
#include <memory_resource>

namespace ebm::samplers {

/// Memory on the stack for what a kernel keeps of each block in one advance(), in
/// std::pmr::vectors: enough for the groups of blocks that fit in a first-level cache
/// (block_groups.h). What an energy that prefers more blocks at a time needs beyond is allocated.
class StackMemory {
 public:
  std::pmr::memory_resource* resource() { return &resource_; }

 private:
  alignas(64) std::array<std::byte, 32 * 1024> bytes_;
  std::pmr::monotonic_buffer_resource resource_{bytes_.data(), bytes_.size()};
};

}  // namespace ebm::samplers
