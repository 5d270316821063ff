# Diffs and references.
varve_test(snapshot_diff_model_test
  SOURCES diff_model_test.cc toy_shapes.cc ${CMAKE_SOURCE_DIR}/tests/unit/storage/pending_builder.cc
  LIBRARIES varve::snapshot varve::storage_sqlite varve::test_oracle varve::test_support
  LABELS model)
