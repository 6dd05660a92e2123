# ebm_room(NAME SOURCES a.cc ... [PUBLIC targets...] [PRIVATE targets...])
# One static library for one room, with the alias ebm::NAME, warnings on, and installed in the
# component of its name. EbmInstall.cmake reads what the targets link.
function(ebm_room NAME)
  cmake_parse_arguments(ROOM "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  set(target ebm_${NAME})
  add_library(${target} STATIC ${ROOM_SOURCES})
  add_library(ebm::${NAME} ALIAS ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${NAME})
  target_include_directories(${target} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>
                                              $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/ebm>)
  target_link_libraries(${target} PUBLIC ${ROOM_PUBLIC} PRIVATE ${ROOM_PRIVATE})
  ebm_own_code(${target})
  ebm_leave_alone_in_unity_builds(${ROOM_SOURCES})
  set_property(GLOBAL APPEND PROPERTY EBM_ROOMS ${NAME})
  install(TARGETS ${target} EXPORT ebm_${NAME}_targets
          ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT ${NAME})
  install(EXPORT ebm_${NAME}_targets NAMESPACE ebm:: FILE ebm-${NAME}-targets.cmake
          DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/ebm COMPONENT ${NAME})
  install(DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/ebm/${NAME}
          COMPONENT ${NAME} FILES_MATCHING PATTERN "*.h")
endfunction()

# Highway reads a file once per SIMD target, for which it has to be a translation unit.
function(ebm_leave_alone_in_unity_builds)
  foreach(source ${ARGN})
    file(STRINGS ${source} per_target REGEX "hwy/foreach_target\\.h" LIMIT_COUNT 1)
    if(per_target)
      set_source_files_properties(${source} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
    endif()
  endforeach()
endfunction()

# For code that is compiled more often than its own lines run: commands, tests, and what leaves the
# work to LibTorch. All that share a precompiled header have to agree.
function(ebm_compile_fast target)
  target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O1>)
endfunction()

# The language, the warnings and the sanitizers of everything written here.
function(ebm_own_code target)
  target_compile_features(${target} PUBLIC cxx_std_20)
  set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wconversion -Wno-sign-conversion)
  # GCC 12 sees overlapping copies where a literal and a string are added (its bug 105651).
  target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
  # Contraction to FMA is written out where it is wanted, so that bits do not hang on the compiler.
  target_compile_options(${target} PRIVATE -ffp-contract=off)
  # For programs too: a precompiled header is shared only among equal options.
  target_compile_options(${target} PRIVATE -fPIC)
  if(EBM_SANITIZE)
    target_compile_options(${target} PUBLIC -fsanitize=${EBM_SANITIZE} -fno-omit-frame-pointer)
    target_link_options(${target} PUBLIC -fsanitize=${EBM_SANITIZE})
  endif()
endfunction()
