varve_test(flow_agent_program_test
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/agent_program_test.cc
  LIBRARIES varve::storage_sqlite varve::test_process varve::test_support nlohmann_json::nlohmann_json
  LABELS integration
  TIMEOUT 300)
add_dependencies(flow_agent_program_test varve-agent varve-collector)
