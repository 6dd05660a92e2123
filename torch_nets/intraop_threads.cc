#include "torch_nets/intraop_threads.h"

#include "torch_nets/libtorch.h"

namespace ebm::torch_nets {

void use_one_intraop_thread() { at::set_num_threads(1); }

IntraopThreads::IntraopThreads(int n) : changed_(n > 0) {
  if (changed_) at::set_num_threads(n);
}

IntraopThreads::~IntraopThreads() {
  if (changed_) use_one_intraop_thread();
}

}  // namespace ebm::torch_nets
