#pragma once

#include <gtest/gtest.h>

#include <string>

#include "base/error.h"

namespace ebm::nets {

/// Runs `action`, expects an Error of `code` in one line that contains `part`, and returns its
/// message.
template <class Action>
std::string expect_error(ErrorCode code, const std::string& part, const Action& action) {
  try {
    action();
  } catch (const Error& error) {
    std::string message = error.what();
    EXPECT_EQ(error.code(), code) << message;
    EXPECT_NE(message.find(part), std::string::npos) << message;
    EXPECT_EQ(message.find('\n'), std::string::npos) << message;
    return message;
  }
  ADD_FAILURE() << "no error, expected one with: " << part;
  return "";
}

}  // namespace ebm::nets
