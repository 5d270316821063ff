# Headers of the world that many files include, compiled once. Ours are not among them: a change of one would compile
# everything again. g++ takes them only where all flags are the same, so that what some packages add, all have.
target_compile_options(varve_warnings INTERFACE -pthread)
target_compile_definitions(varve_warnings INTERFACE _FILE_OFFSET_BITS=64)
set(CMAKE_PCH_WARN_INVALID OFF)  # a target with yet other flags compiles without them, and slower

# varve_precompiled(NAME HEADERS … [LIBRARIES …] [FLAGS …])
function(varve_precompiled name)
  cmake_parse_arguments(ARG "" "" "HEADERS;LIBRARIES;FLAGS" ${ARGN})
  if(NOT VARVE_PRECOMPILE)
    return()
  endif()
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/${name}.cc CONTENT "")  # written once: a new one would be compiled again
  add_library(${name} OBJECT ${CMAKE_BINARY_DIR}/${name}.cc)
  target_link_libraries(${name} PRIVATE varve_warnings ${ARG_LIBRARIES})
  target_precompile_headers(${name} PRIVATE ${ARG_HEADERS})
  target_compile_options(${name} PUBLIC -fpch-preprocess)  # ccache wants it
  target_compile_options(${name} PRIVATE ${ARG_FLAGS})
  # What ccache knows the precompiled header by: its bytes differ from folder to folder.
  string(SHA256 sum "${ARG_HEADERS} ${ARG_FLAGS} ${CMAKE_CXX_COMPILER_VERSION} ${CMAKE_CXX_FLAGS} ${CMAKE_BUILD_TYPE} ${VARVE_SANITIZE} ${absl_VERSION} ${Protobuf_VERSION} ${GTest_VERSION} ${gRPC_VERSION}")
  file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/CMakeFiles/${name}.dir/cmake_pch.hxx.gch.sum CONTENT "${sum}")
endfunction()

# varve_reuse(TARGET NAME): TARGET includes the precompiled headers NAME.
function(varve_reuse target name)
  if(TARGET ${name})
    target_precompile_headers(${target} REUSE_FROM ${name})
    target_compile_options(${target} PRIVATE -fpch-preprocess)
  endif()
endfunction()

set(common_headers <functional> <map> <memory> <optional> <string> <utility> <vector>
  <absl/container/flat_hash_map.h> <absl/status/statusor.h> <absl/strings/str_cat.h> <absl/synchronization/mutex.h> <absl/time/time.h>
  <google/protobuf/message.h> <google/protobuf/repeated_field.h>)
set(common_libraries absl::flat_hash_map absl::statusor absl::strings absl::synchronization absl::time protobuf::libprotobuf)
varve_precompiled(varve_pch HEADERS ${common_headers} LIBRARIES ${common_libraries})
if(VARVE_TESTS)
  varve_precompiled(varve_test_pch HEADERS ${common_headers} <gmock/gmock.h> LIBRARIES ${common_libraries} GTest::gmock
    FLAGS ${VARVE_TEST_FLAGS})
endif()
