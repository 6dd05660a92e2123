#pragma once

#include <optional>

#include "base/system/cgroup.h"

namespace ebm::base {

/// How many CPUs the control groups of this process grant, as 1.5 for a quota of 150 ms in 100 ms:
/// the least of cpu.max (version 2) or cpu.cfs_quota_us (version 1) of all groups. Nothing if none
/// is limited.
std::optional<double> cpu_quota(const ReadText& read);

/// min(n_allowed, quota rounded up), at least 1.
/// @param n_allowed  CPUs that the process may run on
int usable_cpus(int n_allowed, std::optional<double> quota);

/// The number of threads that keeps this machine busy: the CPUs that the process may run on
/// (taskset, Slurm, cpusets), and no more than the CPU quota of its control groups (containers).
int default_threads();

/// Starts n_threads − 1 threads that end at once, with the stacks that OpenMP gives to its own.
/// @throws Error(kUsage) if the system refuses (ulimit -u or -v, the limit of a control group, an
///         OMP_STACKSIZE beyond the address space), where OpenMP would end the program.
void require_threads(int n_threads);

}  // namespace ebm::base
