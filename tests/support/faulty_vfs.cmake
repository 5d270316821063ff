add_library(varve_test_faulty_vfs STATIC ${CMAKE_CURRENT_LIST_DIR}/faulty_vfs.cc)
add_library(varve::test_faulty_vfs ALIAS varve_test_faulty_vfs)
varve_common(varve_test_faulty_vfs)
target_link_libraries(varve_test_faulty_vfs PUBLIC SQLite::SQLite3 PRIVATE absl::synchronization absl::strings)
