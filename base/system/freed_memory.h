#pragma once

namespace ebm::base {

/// Gives memory that was freed back to the system where the allocator kept it for later: of small
/// pieces glibc keeps up to twice the size of the largest block that was ever freed. For the end of
/// a stage that took much of it, before the next one takes large blocks, which do not reuse it.
void give_back_freed_memory();

}  // namespace ebm::base
