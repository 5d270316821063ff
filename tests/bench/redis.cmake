# Not a test: a program to run by hand, on a keyspace of the generator's.
add_executable(gather_redis_bench gather_redis_bench.cc)
varve_common(gather_redis_bench)
target_link_libraries(gather_redis_bench PRIVATE varve::source_redis)
set_target_properties(gather_redis_bench PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bench)
