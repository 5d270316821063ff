# The whole path with the programs themselves: real PostgreSQL, Redis and Pydantic.
varve_test(flow_main_job_test
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/main_job_test.cc ${CMAKE_CURRENT_LIST_DIR}/world.cc
  LIBRARIES varve::base varve::test_postgres varve::test_process varve::test_redis varve::test_support
            nlohmann_json::nlohmann_json
  LABELS integration
  TIMEOUT 600)
add_dependencies(flow_main_job_test varve varve-agent varve-collector)
