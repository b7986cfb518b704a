# A project that holds agate as a subfolder configures and generates, and agate keeps out of its
# way: no tests, no program, nothing installed, no build type of its own.
include(${CMAKE_CURRENT_LIST_DIR}/steps.cmake)

file(WRITE ${SCRATCH}/source/main.cpp "#include <agate/core/config.hpp>\nint main() {}\n")
file(WRITE ${SCRATCH}/source/CMakeLists.txt "
cmake_minimum_required(VERSION 3.25)
project(around_agate LANGUAGES CXX)
add_subdirectory(${SOURCE} agate)
add_executable(around main.cpp)
target_link_libraries(around PRIVATE agate::agate)
foreach(target agate_program agate_tests agate_f64)
  if(TARGET \${target})
    message(FATAL_ERROR \"\${target} is built inside another project\")
  endif()
endforeach()
")
step("configuring" ${CMAKE_COMMAND} -S ${SCRATCH}/source -B ${SCRATCH}/build ${as_built})
file(STRINGS ${SCRATCH}/build/agate/cmake_install.cmake installed REGEX "file\\(INSTALL")
if(installed)
  message(FATAL_ERROR "agate installs itself inside another project: ${installed}")
endif()
