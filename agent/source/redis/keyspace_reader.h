// Reads all databases of a server.
#pragma once

#include "absl/time/time.h"
#include "agent/redaction/redaction.h"
#include "agent/source/redis/connection.h"
#include "agent/source/redis/keyspace_reading.h"
#include "agent/source/redis/pacer.h"
#include "agent/source/redis/redis_source.h"
#include "agent/source/redis/server_reading.h"

namespace varve::redis {

// Not thread-safe. All are borrowed.
class KeyspaceReader {
 public:
  KeyspaceReader(Connection& connection, const RedisConfig& config, const Redactor& redactor,
                 Pacer& pacer, absl::Time deadline);

  // Reads each database that holds keys, as INFO lists them; where INFO was refused, each that can
  // be selected. What cannot be read is said of its database.
  KeyspaceReading Read(const ServerReading& server);

 private:
  class Tables;

  void ReadKnown(const std::vector<DatabaseInfo>& databases, Tables& tables);
  void ReadUnknown(Tables& tables);
  DatabaseReading ReadDatabase(int number, Tables& tables);
  ScanEnd Select(int number);
  ScanEnd::Kind EndOf(const absl::Status& failure) const;
  void ScanDatabase(DatabaseReading& database, Tables& tables);

  Connection& connection_;
  const RedisConfig& config_;
  const Redactor& redactor_;
  Pacer& pacer_;
  absl::Time deadline_;
  KeyspaceReading reading_;
};

}  // namespace varve::redis
