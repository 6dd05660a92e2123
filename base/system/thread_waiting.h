#pragma once

namespace ebm::base {

/// Lets OpenMP's threads sleep when they have waited for others for some 50 microseconds, unless
/// the environment chooses their waiting (OMP_WAIT_POLICY or GOMP_SPINCOUNT). Left alone they turn
/// for milliseconds, in which nothing else gets their core, and on a machine that does anything
/// else a run takes several times as long. And lets threads have no threads of their own, whatever
/// the environment says (OMP_NUM_THREADS=2,2): matrix products of oneDNN that are computed side by
/// side would wait for ever for such threads. libgomp reads the variables before main(): the
/// program is replaced by itself, once, without what libgomp has refused
/// (base/system/openmp_settings.h).
void let_waiting_threads_sleep(char** argv);

}  // namespace ebm::base
