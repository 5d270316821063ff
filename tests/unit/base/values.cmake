varve_test(base_values_test
  SOURCES log_test.cc zstd_test.cc
  LIBRARIES varve::base varve::zstd varve::test_support)
