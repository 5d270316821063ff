add_library(varve_test_redis STATIC ${CMAKE_CURRENT_LIST_DIR}/redis_server.cc ${CMAKE_CURRENT_LIST_DIR}/redis_cluster.cc)
add_library(varve::test_redis ALIAS varve_test_redis)
varve_common(varve_test_redis)
target_link_libraries(varve_test_redis PUBLIC varve::test_support varve::source_redis PRIVATE absl::strings absl::time)
