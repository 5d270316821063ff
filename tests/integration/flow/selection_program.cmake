# What a configuration excludes, with the programs themselves: agent, collector and command.
varve_test(flow_selection_program_test
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/selection_program_test.cc
  LIBRARIES varve::test_postgres varve::test_process varve::test_support nlohmann_json::nlohmann_json
  LABELS integration
  TIMEOUT 300)
add_dependencies(flow_selection_program_test varve varve-agent varve-collector)
