varve_test(postgres_text_test
  SOURCES
    ${CMAKE_CURRENT_LIST_DIR}/postgres/acl_test.cc
    ${CMAKE_CURRENT_LIST_DIR}/postgres/array_text_test.cc
    ${CMAKE_CURRENT_LIST_DIR}/postgres/copy_text_test.cc
    ${CMAKE_CURRENT_LIST_DIR}/postgres/databases_test.cc
    ${CMAKE_CURRENT_LIST_DIR}/postgres/names_test.cc
    ${CMAKE_CURRENT_LIST_DIR}/postgres/option_text_test.cc
    ${CMAKE_CURRENT_LIST_DIR}/postgres/queries_test.cc
    ${CMAKE_CURRENT_LIST_DIR}/postgres/row_reader_test.cc
    ${CMAKE_CURRENT_LIST_DIR}/postgres/sql_text_test.cc
    ${CMAKE_CURRENT_LIST_DIR}/postgres/versions_test.cc
    ${CMAKE_CURRENT_LIST_DIR}/postgres/writing_test.cc
  LIBRARIES varve::source_postgres varve::test_support)
