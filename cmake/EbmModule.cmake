# ebm_module(NAME SOURCES a.cc ... [PUBLIC targets...] [PRIVATE targets...] [INTERNAL a.h ...])
# One static library for one module, with the alias ebm::NAME, warnings on, and installed in the
# component of its name. All its headers are installed (EbmHeaders.cmake) except the INTERNAL ones,
# given as names or patterns. EbmInstall.cmake reads what the targets link.
function(ebm_module NAME)
  cmake_parse_arguments(MODULE "" "" "SOURCES;PUBLIC;PRIVATE;INTERNAL" ${ARGN})
  set(target ebm_${NAME})
  add_library(${target} STATIC ${MODULE_SOURCES})
  add_library(ebm::${NAME} ALIAS ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${NAME})
  target_include_directories(${target} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>
                                              $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_link_libraries(${target} PUBLIC ${MODULE_PUBLIC} PRIVATE ${MODULE_PRIVATE})
  ebm_own_code(${target})
  ebm_leave_alone_in_unity_builds(${MODULE_SOURCES})
  set_property(GLOBAL APPEND PROPERTY EBM_MODULES ${NAME})
  set_property(TARGET ${target} PROPERTY EBM_INTERNAL_HEADERS ${MODULE_INTERNAL})
  install(TARGETS ${target} EXPORT ebm_${NAME}_targets
          ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT ${NAME})
  install(EXPORT ebm_${NAME}_targets NAMESPACE ebm:: FILE ebm-${NAME}-targets.cmake
          DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/ebm COMPONENT ${NAME})
  install(CODE "set(MODULE ${NAME})
                set(SETTINGS ${PROJECT_BINARY_DIR}/ebm-headers.cmake)
                include(${PROJECT_SOURCE_DIR}/cmake/EbmHeaders.cmake)" COMPONENT ${NAME})
  install(DIRECTORY ${PROJECT_BINARY_DIR}/include/ebm/${NAME}
          DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/ebm COMPONENT ${NAME})
  install(FILES ${PROJECT_BINARY_DIR}/include/ebm/${NAME}.h
          DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/ebm COMPONENT ${NAME})
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
    # Asked of the target that is compiled, which may have the option from another one.
    target_compile_options(${target} PUBLIC
      "$<$<NOT:$<BOOL:$<TARGET_PROPERTY:EBM_UNCHECKED>>>:-fsanitize=${EBM_SANITIZE};-fno-omit-frame-pointer>")
    target_link_options(${target} PUBLIC -fsanitize=${EBM_SANITIZE})
  endif()
endfunction()
