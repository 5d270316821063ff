# What the models source decides without an interpreter.
varve_test(source_models_test
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/interpreter_test.cc ${CMAKE_CURRENT_LIST_DIR}/json_text_test.cc
    ${CMAKE_CURRENT_LIST_DIR}/line_splitter_test.cc ${CMAKE_CURRENT_LIST_DIR}/mask_json_test.cc
    ${CMAKE_CURRENT_LIST_DIR}/model_shapes_test.cc ${CMAKE_CURRENT_LIST_DIR}/probe_lines_test.cc
    ${CMAKE_CURRENT_LIST_DIR}/tasks_of_user_test.cc
  LIBRARIES varve::source_models varve::test_support)
