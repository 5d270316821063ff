add_library(varve_test_sample STATIC ${CMAKE_CURRENT_LIST_DIR}/sample_snapshot.cc)
add_library(varve::test_sample ALIAS varve_test_sample)
varve_common(varve_test_sample)
target_link_libraries(varve_test_sample PUBLIC varve::snapshot)
