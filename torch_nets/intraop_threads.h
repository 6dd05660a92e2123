#pragma once

namespace ebm::torch_nets {

/// Makes LibTorch use one thread inside an operation, for good. Nearly everything here runs
/// operations side by side instead; call it before the first one.
void use_one_intraop_thread();

/// While it lives, operations that the calling thread starts use n threads inside; then one again.
class IntraopThreads {
 public:
  /// @param n  0: changes nothing
  explicit IntraopThreads(int n);
  ~IntraopThreads();
  IntraopThreads(const IntraopThreads&) = delete;
  IntraopThreads& operator=(const IntraopThreads&) = delete;

 private:
  bool changed_;
};

}  // namespace ebm::torch_nets
