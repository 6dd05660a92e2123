#pragma once

#include <gtest/gtest.h>

#include <string>

#include "base/error.h"

namespace ebm::samplers {

/// Runs `action`, expects an Error of `code` and returns its message.
template <class Action>
std::string message_of(ErrorCode code, const Action& action) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code) << error.what();
    return error.what();
  }
  ADD_FAILURE() << "no error";
  return "";
}

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace ebm::samplers
