# The headers and the guides as one site in OUTPUT/html, by Doxygen. Fails for whatever Doxygen
# warns about, such as a class, a function or a name of a namespace without a word about it or a
# broken reference, and for links between guides and files that lead nowhere. Not asked for are the
# members whose class speaks for them: data, aliases, constructors, operators and what is read
# without arguments (rows(), options()).
#   cmake -DROOT=... -DOUTPUT=... -DDOXYGEN=... -DAWK=... -DVERSION=... -P build_documentation.cmake
cmake_minimum_required(VERSION 3.25)

file(REMOVE_RECURSE ${OUTPUT})
file(MAKE_DIRECTORY ${OUTPUT})
cmake_path(SET SETTINGS NORMALIZE ${CMAKE_CURRENT_LIST_DIR}/../docs/doxygen)
configure_file(${SETTINGS}/Doxyfile.in ${OUTPUT}/Doxyfile @ONLY)
execute_process(COMMAND ${DOXYGEN} ${OUTPUT}/Doxyfile RESULT_VARIABLE result)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "documentation: ${DOXYGEN} failed (${result})")
endif()

# read_lines(FILE VARIABLE): its lines; brackets and semicolons mean something to CMake's lists.
function(read_lines file variable)
  file(READ ${file} text)
  string(REPLACE ";" "," text "${text}")
  string(REPLACE "[" "<open>" text "${text}")
  string(REPLACE "]" "<close>" text "${text}")
  string(REPLACE "\n" ";" text "${text}")
  set(${variable} "${text}" PARENT_SCOPE)
endfunction()

set(faults)
read_lines(${OUTPUT}/warnings.txt warnings)
foreach(warning IN LISTS warnings)
  if(warning MATCHES "Member ([^( ]+)(.*) \\((function|variable|typedef)\\) of (class|struct) ([^<]+)")
    set(name "${CMAKE_MATCH_1}")
    set(arguments "${CMAKE_MATCH_2}")
    set(kind ${CMAKE_MATCH_3})
    string(REGEX REPLACE " is not documented.*|^.*::" "" class "${CMAKE_MATCH_5}")
    if(NOT kind STREQUAL function OR name MATCHES "^operator" OR name STREQUAL class
       OR arguments MATCHES "^\\(\\)" OR arguments MATCHES "=default$|override$")
      continue()
    endif()
  endif()
  list(APPEND faults "${warning}")
endforeach()

# What the guides link to besides each other comes along, so that the links hold there too: README.md
# becomes html/index.html, docs/NAME.md stands beside it.
file(GLOB pages ${ROOT}/*.md ${ROOT}/docs/*.md)
foreach(page IN LISTS pages)
  cmake_path(GET page PARENT_PATH folder)
  read_lines(${page} lines)
  foreach(line IN LISTS lines)
    string(REGEX MATCHALL "<close>\\([^) ]+\\)" links "${line}")
    foreach(link IN LISTS links)
      string(REGEX REPLACE "^<close>\\(|#.*|\\)$" "" link "${link}")
      if(link STREQUAL "" OR link MATCHES "^[a-z]+:")
        continue()
      endif()
      if(NOT EXISTS ${folder}/${link})
        list(APPEND faults "${page}: links to ${link}, which is not there")
      elseif(NOT link MATCHES "\\.(md|svg|png)$" AND NOT IS_DIRECTORY ${folder}/${link})
        cmake_path(ABSOLUTE_PATH link BASE_DIRECTORY ${OUTPUT}/html NORMALIZE OUTPUT_VARIABLE copy)
        configure_file(${folder}/${link} ${copy} COPYONLY)
      endif()
    endforeach()
  endforeach()
endforeach()

list(REMOVE_DUPLICATES faults)
list(REMOVE_ITEM faults "")
if(faults)
  list(LENGTH faults count)
  list(JOIN faults "\n" faults)
  message(FATAL_ERROR "documentation: ${count} to mend\n${faults}")
endif()
if(NOT EXISTS ${OUTPUT}/html/index.html)
  message(FATAL_ERROR "documentation: there is no ${OUTPUT}/html/index.html")
endif()
message("documentation: ${OUTPUT}/html/index.html")
