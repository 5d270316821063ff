varve_test(base_values_test
  SOURCES zstd_test.cc
  LIBRARIES varve::base varve::zstd varve::test_support)
