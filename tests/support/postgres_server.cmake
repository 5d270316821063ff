add_library(varve_test_postgres STATIC
  ${CMAKE_CURRENT_LIST_DIR}/postgres_server.cc
  ${CMAKE_CURRENT_LIST_DIR}/postgres_session.cc
  ${CMAKE_CURRENT_LIST_DIR}/server_process.cc
  ${CMAKE_CURRENT_LIST_DIR}/silent_server.cc)
add_library(varve::test_postgres ALIAS varve_test_postgres)
varve_common(varve_test_postgres)
target_link_libraries(varve_test_postgres PUBLIC varve::test_support PRIVATE PkgConfig::PQ absl::strings absl::time)
