# Questions to a fleet, with the programs themselves: agents, collector and command.
add_library(varve_test_fleet STATIC ${CMAKE_CURRENT_LIST_DIR}/fleet.cc)
varve_common(varve_test_fleet)
target_link_libraries(varve_test_fleet PUBLIC varve::base varve::test_postgres varve::test_process varve::test_support)

varve_test(flow_drift_program_test
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/drift_program_test.cc
  LIBRARIES varve_test_fleet nlohmann_json::nlohmann_json
  LABELS integration
  TIMEOUT 300)
add_dependencies(flow_drift_program_test varve varve-agent varve-collector)

varve_test(flow_rollout_program_test
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/rollout_program_test.cc
  LIBRARIES varve_test_fleet nlohmann_json::nlohmann_json
  LABELS integration
  TIMEOUT 300)
add_dependencies(flow_rollout_program_test varve varve-agent varve-collector)
