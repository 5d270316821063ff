# Not a test: a program to run by hand, on a database of the generator's.
add_executable(gather_postgres_bench gather_postgres_bench.cc)
varve_common(gather_postgres_bench)
target_link_libraries(gather_postgres_bench PRIVATE varve::source_postgres)
set_target_properties(gather_postgres_bench PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bench)
