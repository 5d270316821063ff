# Diffs and references.
add_library(varve_toy_world STATIC ${CMAKE_CURRENT_LIST_DIR}/model_facts.cc ${CMAKE_CURRENT_LIST_DIR}/toy_shapes.cc
  ${CMAKE_CURRENT_LIST_DIR}/toy_world.cc)
varve_common(varve_toy_world)
target_link_libraries(varve_toy_world PUBLIC varve_pending_builder varve::snapshot nlohmann_json::nlohmann_json)

varve_test(snapshot_diff_model_test
  SOURCES diff_model_test.cc
  LIBRARIES varve_toy_world varve::storage_sqlite varve::test_oracle varve::test_support
  LABELS model)
varve_test(snapshot_history_model_test
  SOURCES history_model_test.cc
  LIBRARIES varve_toy_world varve::storage_sqlite varve::test_oracle varve::test_support
  LABELS model)

varve_test(snapshot_drift_model_test
  SOURCES drift_model_test.cc
  LIBRARIES varve_toy_world varve::storage_sqlite varve::test_oracle varve::test_support
  LABELS model)
