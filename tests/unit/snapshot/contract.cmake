# Canonical bytes and hashes; `golden` also runs with clang, which must make the same.
varve_test(snapshot_golden_test
  SOURCES golden_test.cc
  LIBRARIES varve::snapshot varve::test_support
  LABELS unit golden)
varve_test(snapshot_canonical_test
  SOURCES canonical_test.cc hash_test.cc line_test.cc manifest_test.cc section_builder_test.cc
          environment_name_test.cc
  LIBRARIES varve::snapshot varve::test_support)
varve_test(snapshot_contract_test
  SOURCES contract_test.cc
  LIBRARIES varve::snapshot varve::services varve::test_support)
