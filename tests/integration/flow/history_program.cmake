# Questions over time, with the programs themselves: real PostgreSQL, Redis and Pydantic.
varve_test(flow_history_program_test
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/history_program_test.cc
  LIBRARIES varve_test_fleet varve::test_redis nlohmann_json::nlohmann_json
  LABELS integration
  TIMEOUT 300)
add_dependencies(flow_history_program_test varve varve-agent varve-collector)
