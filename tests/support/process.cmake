add_library(varve_test_process STATIC ${CMAKE_CURRENT_LIST_DIR}/process.cc)
add_library(varve::test_process ALIAS varve_test_process)
varve_common(varve_test_process)
target_link_libraries(varve_test_process PUBLIC varve::base PRIVATE absl::synchronization Threads::Threads)
