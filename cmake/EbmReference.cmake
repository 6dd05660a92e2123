# cmake -DSETTINGS=... -DDOXYFILE=... -P EbmReference.cmake: stages the public headers and makes the
# reference of them. A warning of Doxygen is an error.
cmake_minimum_required(VERSION 3.25)
find_program(doxygen doxygen)
if(NOT doxygen)
  message(STATUS "skipped: doxygen is not installed (scripts/setup.sh --checks installs it)")
  return()
endif()
include(${CMAKE_CURRENT_LIST_DIR}/EbmHeaders.cmake)
execute_process(COMMAND ${doxygen} ${DOXYFILE} RESULT_VARIABLE result)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "doxygen found faults in the comments of the public headers")
endif()
