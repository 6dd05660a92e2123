#include "base/system/prepare_process.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <initializer_list>

namespace ebm::base {
namespace {

/// Opens standard streams that are closed, each the wrong way round: to use them is an error.
void open_standard_streams() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(fd, F_GETFD) != -1 || errno != EBADF) continue;
    // open() takes the lowest number that is free, which is fd.
    if (::open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd) ::_exit(74);
  }
}

}  // namespace

void prepare_process() {
  open_standard_streams();
  std::signal(SIGXFSZ, SIG_IGN);
}

}  // namespace ebm::base
