// Reads all databases of a deployment.
#pragma once

#include "absl/time/time.h"
#include "agent/redaction/redaction.h"
#include "agent/source/redis/deployment.h"
#include "agent/source/redis/keyspace_reading.h"
#include "agent/source/redis/known_keyspace.h"
#include "agent/source/redis/node_scan.h"
#include "agent/source/redis/redis_source.h"

namespace varve::redis {

// Not thread-safe. All are borrowed. Nodes are read side by side; what counts is shared.
class KeyspaceReader {
 public:
  KeyspaceReader(Deployment& deployment, const RedisConfig& config, const Redactor& redactor,
                 const KnownKeyspace& known, absl::Time deadline);

  // Reads each database that holds keys, as INFO lists them; where INFO was refused, each that can
  // be selected. What cannot be read is said of its database.
  KeyspaceReading Read();

 private:
  class Tables;

  void ReadKnown(Tables& tables);
  void ReadUnknown(Tables& tables);
  DatabaseReading ReadDatabase(DatabaseReading database, Tables& tables);
  void ScanDatabase(DatabaseReading& database, Tables& tables);
  void AskForCountsAfter();

  Deployment& deployment_;
  const RedisConfig& config_;
  const Redactor& redactor_;
  const KnownKeyspace& known_;
  absl::Time deadline_;
  NodeScans scans_;
  KeyspaceReading reading_;
};

}  // namespace varve::redis
