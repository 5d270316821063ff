varve_test(redaction_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/redaction_test.cc LIBRARIES varve::redaction absl::time)
varve_test(key_name_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/key_name_test.cc LIBRARIES varve::redaction)
varve_test(text_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/text_test.cc LIBRARIES varve::redaction)
varve_test(mask_key_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/mask_key_test.cc LIBRARIES varve::redaction varve::test_support)
