# What sources of all kinds share.
varve_test(source_environment_test
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/address_test.cc ${CMAKE_CURRENT_LIST_DIR}/environment_test.cc
  LIBRARIES varve::agent_environment varve::test_support)
varve_test(source_parts_test
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/known_databases_test.cc
  LIBRARIES varve::agent_source varve::test_support)
varve_test(source_isolated_test
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/isolated_test.cc
  LIBRARIES varve::agent_isolated varve::base varve::test_support
  LABELS unit threads)
