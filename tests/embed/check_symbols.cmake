# cmake -DNM=nm -DLIBRARY=libagate.so -P check_symbols.cmake: the library shows the C interface and
# what is declared in include/, and nothing else.
cmake_minimum_required(VERSION 3.25)
execute_process(COMMAND ${NM} -D -C --defined-only ${LIBRARY} OUTPUT_VARIABLE symbols
                COMMAND_ERROR_IS_FATAL ANY)
foreach(wanted "agate_model_load" "agate_predict" "agate::f32::Model::predict"
        "agate::f32::nn::GATConv" "vtable for agate::f32::models::Model")
  if(NOT symbols MATCHES "${wanted}")
    message(FATAL_ERROR "${LIBRARY} does not show ${wanted}")
  endif()
endforeach()
foreach(private "agate::f32::kernels::" "agate::f32::ThreadPool" "nlohmann" "Eigen::internal"
        "hwy::" "boost::" " std::")
  string(REGEX MATCH "[^\n]* [A-Za-z] [^\n(<]*${private}[^\n]*" found "${symbols}")
  if(found)
    message(FATAL_ERROR "${LIBRARY} shows what is private: ${found}")
  endif()
endforeach()
string(REGEX MATCHALL "\n" lines "${symbols}")
list(LENGTH lines count)
message(STATUS "${count} symbols")
