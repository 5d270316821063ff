add_library(varve_test_oracle STATIC ${CMAKE_CURRENT_LIST_DIR}/oracle.cc)
add_library(varve::test_oracle ALIAS varve_test_oracle)
varve_common(varve_test_oracle)
target_link_libraries(varve_test_oracle PUBLIC nlohmann_json::nlohmann_json)
