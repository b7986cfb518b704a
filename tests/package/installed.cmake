# Installs the build into a fresh prefix, then builds examples/ against it and runs them.
include(${CMAKE_CURRENT_LIST_DIR}/steps.cmake)
set(prefix ${SCRATCH}/prefix)

step("installing" ${CMAKE_COMMAND} --install ${BUILD} --prefix ${prefix})
expect_file(${prefix}/include/agate/core/config.hpp)
file(GLOB_RECURSE data ${prefix}/*.csv ${prefix}/catalogue.json)
if(data)
  message(FATAL_ERROR "data was installed: ${data}")
endif()
file(GLOB program ${prefix}/bin/agate)
if(program)
  step("the installed program" ${program} --version)
endif()

step("configuring the examples" ${CMAKE_COMMAND} -S ${SOURCE}/examples -B ${SCRATCH}/build
     ${as_built} -DCMAKE_PREFIX_PATH=${prefix})
step("building the examples" ${CMAKE_COMMAND} --build ${SCRATCH}/build)
file(GLOB examples ${SOURCE}/examples/*.cpp)
foreach(example IN LISTS examples)
  get_filename_component(name ${example} NAME_WE)
  step("running ${name}" ${SCRATCH}/build/${name})
  message(STATUS "${output}")
endforeach()
