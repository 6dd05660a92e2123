#pragma once

#include <stdexcept>
#include <string>

namespace ebm {

/// What went wrong, by what the caller can do about it. Each maps to one exit code of the programs.
enum class ErrorCode {
  kUsage,     ///< an option or argument is wrong                      (exit 64)
  kBadData,   ///< a file's content is not what its format says        (exit 65)
  kShape,     ///< sizes that have to agree do not                     (exit 65)
  kNoInput,   ///< an input does not exist                             (exit 66)
  kInternal,  ///< a fault of this program                             (exit 70)
  kDiverged,  ///< a chain or a training run became non-finite (NaN or infinity)   (exit 71)
  kIo,        ///< reading or writing failed                           (exit 74)
};

/// The exit code of `code`, in the numbering of BSD's sysexits.h; 71 is "diverged" here.
int exit_code(ErrorCode code);

/// The one exception of the project. The message is a single line that names the parameter or the
/// file, the value found and what would be right. Whatever a message quotes, what() is one line of
/// bounded length: base::one_line() of it.
class Error : public std::runtime_error {
 public:
  Error(ErrorCode code, const std::string& message);
  ErrorCode code() const { return code_; }

 private:
  ErrorCode code_;
};

}  // namespace ebm
