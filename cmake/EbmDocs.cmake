# The target docs: the reference of the library in build/docs/html, by Doxygen.
configure_file(${CMAKE_CURRENT_LIST_DIR}/Doxyfile.in ${PROJECT_BINARY_DIR}/Doxyfile @ONLY)
set(EBM_MAKE_REFERENCE ${CMAKE_COMMAND} -DSETTINGS=${PROJECT_BINARY_DIR}/ebm-headers.cmake
                       -DDOXYFILE=${PROJECT_BINARY_DIR}/Doxyfile
                       -P ${CMAKE_CURRENT_LIST_DIR}/EbmReference.cmake)
add_custom_target(docs COMMAND ${EBM_MAKE_REFERENCE}
                  COMMENT "Making the reference in ${PROJECT_BINARY_DIR}/docs/html" VERBATIM)
