# What reads snapshots: references, names, views.
varve_test(snapshot_readers_test
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/key_pattern_test.cc ${CMAKE_CURRENT_LIST_DIR}/object_name_test.cc
    ${CMAKE_CURRENT_LIST_DIR}/postgres_type_test.cc
    ${CMAKE_CURRENT_LIST_DIR}/reference_test.cc
    ${CMAKE_CURRENT_LIST_DIR}/selector_test.cc
    ${CMAKE_CURRENT_LIST_DIR}/rename_map_test.cc ${CMAKE_CURRENT_LIST_DIR}/section_view_test.cc
    ${CMAKE_CURRENT_LIST_DIR}/stored_line_test.cc ${CMAKE_CURRENT_LIST_DIR}/value_path_test.cc
  LIBRARIES varve::snapshot varve::test_sample varve::test_support)

varve_test(snapshot_shared_test
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/shared_test.cc
  LIBRARIES varve::snapshot varve::test_support
  LABELS unit threads)

# What differs between two of them.
varve_test(snapshot_diff_test
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/diff_key_patterns_test.cc ${CMAKE_CURRENT_LIST_DIR}/diff_names_test.cc
    ${CMAKE_CURRENT_LIST_DIR}/diff_shape_test.cc
    ${CMAKE_CURRENT_LIST_DIR}/diff_telling.cc ${CMAKE_CURRENT_LIST_DIR}/diff_test.cc
    ${CMAKE_CURRENT_LIST_DIR}/diff_text_test.cc ${CMAKE_CURRENT_LIST_DIR}/diff_two_builds_test.cc
    ${CMAKE_CURRENT_LIST_DIR}/diff_words_test.cc
    ${CMAKE_CURRENT_LIST_DIR}/toy_shapes.cc
  LIBRARIES varve::snapshot varve::test_support)

varve_test(snapshot_diff_properties_test
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/diff_properties_test.cc ${CMAKE_CURRENT_LIST_DIR}/diff_telling.cc
    ${CMAKE_CURRENT_LIST_DIR}/flat_shapes.cc ${CMAKE_CURRENT_LIST_DIR}/random_snapshot.cc
  LIBRARIES varve::snapshot varve::test_sample varve::test_support)

# How a figure moved.
varve_test(snapshot_trend_test
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/trend_test.cc
  LIBRARIES varve::snapshot varve::test_support)

# What the objects of one need of one another.
varve_test(snapshot_dependencies_test
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/dependencies_test.cc
  LIBRARIES varve::snapshot varve::test_sample varve::test_support)

# What many of them tell of one object.
varve_test(snapshot_object_history_test
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/object_history_test.cc ${CMAKE_CURRENT_LIST_DIR}/shape_words_test.cc
  LIBRARIES varve::snapshot varve::test_sample varve::test_support)
