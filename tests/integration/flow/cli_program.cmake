# The program itself, as it is typed; nothing else runs.
varve_test(flow_cli_program_test
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/cli_program_test.cc
  LIBRARIES varve::render varve::test_process varve::test_sample varve::test_support
            nlohmann_json::nlohmann_json
  LABELS integration
  TIMEOUT 300)
add_dependencies(flow_cli_program_test varve)

# What objects need of one another, of files that the program wrote of a real database.
varve_test(flow_deps_program_test
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/deps_program_test.cc
  LIBRARIES varve::test_postgres varve::test_process varve::test_support nlohmann_json::nlohmann_json
  LABELS integration
  TIMEOUT 300)
add_dependencies(flow_deps_program_test varve)
