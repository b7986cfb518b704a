# build_documentation.cmake, called with the arguments that it takes itself, finds what it should.
cmake_minimum_required(VERSION 3.25)
set(SCRATCH ${OUTPUT})

# expect(HEADER GUIDE SENTENCE): a tree with that header and guide is refused with SENTENCE, or
# passes if SENTENCE is empty.
function(expect header guide sentence)
  file(REMOVE_RECURSE ${SCRATCH})
  file(WRITE ${SCRATCH}/README.md "# agate\n\nSee [the guide](docs/guide.md).\n")
  file(WRITE ${SCRATCH}/CONTRIBUTING.md "# Contributing\n")
  file(WRITE ${SCRATCH}/docs/guide.md "# Guide\n\n${guide}\n")
  file(WRITE ${SCRATCH}/docs/namespaces.dox "/// \\namespace agate\n/// Of the test.\n")
  file(WRITE ${SCRATCH}/include/agate/core/x.hpp
       "#pragma once\n/// \\file\n/// Of the test.\nnamespace AGATE_NAMESPACE {\n${header}\n}\n")
  execute_process(COMMAND ${CMAKE_COMMAND} -DROOT=${SCRATCH} -DOUTPUT=${SCRATCH}/output
                          -DDOXYGEN=${DOXYGEN} -DAWK=${AWK} -DVERSION=${VERSION}
                          -P ${ROOT}/cmake/build_documentation.cmake
                  RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  string(REGEX REPLACE "[ \n]+" " " output "${output}")
  if(sentence STREQUAL "")
    if(NOT status EQUAL 0)
      message(SEND_ERROR "${header}${guide} should pass:\n${output}")
    endif()
  elseif(status EQUAL 0 OR NOT output MATCHES "${sentence}")
    message(SEND_ERROR "${header}${guide} should be refused with \"${sentence}\":\n${output}")
  endif()
endfunction()

set(thing "/// A thing.\nclass Thing {\n public:\n")
expect("/// Twice x.\nint twice(int x);" "" "")
expect("int twice(int x);" "" "x.hpp:5: .*Member twice.*is not documented")
expect("/// \\nothing\nint twice(int x);" "" "unknown command.*nothing")
expect("/// As \\ref thrice.\nint twice(int x);" "" "unable to resolve reference to .thrice")
expect("struct Options { int heads = 1; };" "" "Compound agate::Options is not documented")
expect("/// How.\nstruct Options { int heads = 1; };" "" "")
expect("enum class Kind { one, two };" "" "Member Kind .enumeration")
expect("using Size = long;" "" "Member Size .typedef")
expect("${thing}  Thing(int x);\n  int rows() const;\n  int operator()(int x) const;\n};" "" "")
expect("${thing}  int row(int i) const;\n};" "" "Member row.*of class agate::Thing")
expect("${thing}  /// One of them.\n  int row(int i) const;\n};" "" "")
expect("" "[front](../README.md), [elsewhere](https://example.org)" "")
expect("" "[nowhere](../examples/none.cpp)" "guide.md: links to ../examples/none.cpp")
file(REMOVE_RECURSE ${SCRATCH})
