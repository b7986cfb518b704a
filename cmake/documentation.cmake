# The target docs: the headers and the guides as one site in BUILD/documentation/html, where Doxygen
# is found. Not part of all.
find_program(AGATE_DOXYGEN doxygen DOC "Doxygen, for the target docs and its test")
find_program(AGATE_AWK awk DOC "awk, for the target docs and its test")
mark_as_advanced(AGATE_DOXYGEN AGATE_AWK)
if(NOT AGATE_DOXYGEN OR NOT AGATE_AWK)
  message(STATUS "Documentation: no target docs, doxygen is not found")
  return()
endif()
set(agate_documentation_tools -DDOXYGEN=${AGATE_DOXYGEN} -DAWK=${AGATE_AWK}
    -DVERSION=${PROJECT_VERSION})
add_custom_target(docs
  COMMAND ${CMAKE_COMMAND} -DROOT=${PROJECT_SOURCE_DIR}
          -DOUTPUT=${PROJECT_BINARY_DIR}/documentation ${agate_documentation_tools}
          -P ${PROJECT_SOURCE_DIR}/cmake/build_documentation.cmake
  COMMENT "Documentation" VERBATIM)
