# Not a test: a program to run by hand; its first lines say how.
add_executable(gather_postgres_bench gather_postgres_bench.cc)
varve_common(gather_postgres_bench)
target_compile_definitions(gather_postgres_bench PRIVATE VARVE_BENCH_FOLDER="${CMAKE_CURRENT_LIST_DIR}")
target_link_libraries(gather_postgres_bench PRIVATE varve::source_postgres varve::test_postgres)
set_target_properties(gather_postgres_bench PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bench)
