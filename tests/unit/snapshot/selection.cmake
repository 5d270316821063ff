# What a configuration leaves out: patterns, lists of them, and the coverage that carries them.
varve_test(snapshot_selection_test
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/coverage_index_test.cc ${CMAKE_CURRENT_LIST_DIR}/object_pattern_test.cc
    ${CMAKE_CURRENT_LIST_DIR}/selection_test.cc
  LIBRARIES varve::snapshot varve::test_support)
