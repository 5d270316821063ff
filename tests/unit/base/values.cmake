varve_test(base_values_test
  SOURCES clock_test.cc duration_test.cc glob_test.cc log_test.cc nearest_test.cc secret_file_test.cc share_test.cc status_test.cc utf8_test.cc
    zstd_test.cc
  LIBRARIES varve::base varve::zstd varve::test_support)
varve_test(base_collector_channel_test
  SOURCES collector_channel_test.cc
  LIBRARIES varve::collector_channel varve::test_support)
