# One target per library, with its dependencies in the open. A forbidden arrow does not link.

# The flags of our own code; generated code and the world's headers are not held to them.
add_library(varve_warnings INTERFACE)
target_compile_options(varve_warnings INTERFACE -Wall -Wextra -Wpedantic -Wnon-virtual-dtor
  -Woverloaded-virtual -Werror $<$<AND:$<CXX_COMPILER_ID:GNU>,$<NOT:$<BOOL:$<TARGET_PROPERTY:VARVE_SHADOWS>>>>:-Wshadow=local>)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  # g++ 12 sees these where a std::string moves and all is well (GCC PR 105329, 105651); AddressSanitizer looks instead.
  target_compile_options(varve_warnings INTERFACE -Wno-restrict -Wno-array-bounds -Wno-stringop-overflow)
endif()
if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
  target_compile_options(varve_warnings INTERFACE -Wno-shadow -Wthread-safety)
endif()

function(varve_common target)
  target_link_libraries(${target} PRIVATE varve_warnings)
  target_include_directories(${target} PUBLIC ${CMAKE_SOURCE_DIR})
endfunction()

# varve_library(NAME SOURCES … [PUBLIC …] [PRIVATE …]): a static library and its alias varve::NAME.
function(varve_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(varve_${name} STATIC ${ARG_SOURCES})
  add_library(varve::${name} ALIAS varve_${name})
  varve_common(varve_${name})
  varve_reuse(varve_${name} varve_pch)
  target_link_libraries(varve_${name} PUBLIC ${ARG_PUBLIC} PRIVATE ${ARG_PRIVATE})
endfunction()

# varve_program(NAME SOURCES … LIBRARIES …): an installed program, in bin/.
function(varve_program name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBRARIES" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  varve_common(${name})
  target_link_libraries(${name} PRIVATE ${ARG_LIBRARIES})
  install(TARGETS ${name} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endfunction()

# Target tests_LABEL builds the test programs of one label, and no others: a sanitizer build compiles what it runs.
function(varve_build_with_label program)
  foreach(label IN LISTS ARGN)
    if(NOT TARGET tests_${label})
      add_custom_target(tests_${label})
    endif()
    add_dependencies(tests_${label} ${program})
  endforeach()
endfunction()

# varve_test(NAME SOURCES … LIBRARIES … [LABELS …] [TIMEOUT seconds] [SERIAL]): one ctest test of GoogleTest cases.
# Labels: unit (no network, no clock, milliseconds), integration (real servers), threads (also run under TSan).
function(varve_test name)
  cmake_parse_arguments(ARG "SERIAL" "TIMEOUT" "SOURCES;LIBRARIES;LABELS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  varve_common(${name})
  target_compile_options(${name} PRIVATE ${VARVE_TEST_FLAGS})
  varve_reuse(${name} varve_test_pch)
  target_link_libraries(${name} PRIVATE ${ARG_LIBRARIES} GTest::gmock_main)
  if(VARVE_SANITIZE MATCHES thread)
    target_sources(${name} PRIVATE $<TARGET_OBJECTS:varve_tsan_libraries>)
    target_link_libraries(${name} PRIVATE absl::synchronization ${CMAKE_DL_LIBS})
  endif()
  # The functions that name parameterized cases stand where a macro of GoogleTest has an `info` of its own.
  set_target_properties(${name} PROPERTIES VARVE_SHADOWS ON)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  if(NOT ARG_LABELS)
    set(ARG_LABELS unit)
  endif()
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  varve_build_with_label(${name} ${ARG_LABELS})
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT ${ARG_TIMEOUT}
    ENVIRONMENT "VARVE_SOURCE_DIR=${CMAKE_SOURCE_DIR};VARVE_BIN_DIR=${CMAKE_BINARY_DIR}/bin;TSAN_OPTIONS=ignore_noninstrumented_modules=1 suppressions=${CMAKE_SOURCE_DIR}/tests/support/tsan.supp")
  if(ARG_SERIAL)
    set_tests_properties(${name} PROPERTIES RUN_SERIAL TRUE)
  endif()
endfunction()
