#include "collector/guard.h"

#include <openssl/crypto.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "google/protobuf/descriptor.h"
#include "varve/v1/control.pb.h"
#include "varve/v1/ingest.pb.h"
#include "varve/v1/query.pb.h"

namespace varve {
namespace {

constexpr absl::string_view kHealthCheck = "/grpc.health.v1.Health/Check";

absl::string_view View(const grpc::string_ref& text) { return {text.data(), text.size()}; }

class Processor : public grpc::AuthMetadataProcessor {
 public:
  explicit Processor(std::shared_ptr<const Guard> guard) : guard_(std::move(guard)) {}

  // It looks things up in memory only, so it may run on gRPC's own threads.
  bool IsBlocking() const override { return false; }

  grpc::Status Process(const InputMetadata& metadata, grpc::AuthContext*, OutputMetadata*,
                       OutputMetadata*) override {
    const auto path = metadata.find(":path");
    const auto token = metadata.find("authorization");
    switch (guard_->Judge(path == metadata.end() ? "" : View(path->second),
                          token == metadata.end() ? "" : View(token->second))) {
      case Verdict::kPass:
        return grpc::Status::OK;
      case Verdict::kNoToken:
        return {grpc::StatusCode::UNAUTHENTICATED, "no valid token was given"};
      case Verdict::kWrongRole:
        return {grpc::StatusCode::PERMISSION_DENIED, "the token does not hold the role for this"};
      case Verdict::kUnknownMethod:
        return {grpc::StatusCode::PERMISSION_DENIED, "this method is not offered"};
    }
    return {grpc::StatusCode::INTERNAL, "the guard gave no verdict"};
  }

 private:
  std::shared_ptr<const Guard> guard_;
};

}  // namespace

absl::StatusOr<RoleTable> ReadRoleTable() {
  RoleTable table;
  table[std::string(kHealthCheck)] = v1::ROLE_PUBLIC;
  for (const google::protobuf::FileDescriptor* const file :
       {v1::PublishRequest::descriptor()->file(), v1::DiffRequest::descriptor()->file(),
        v1::TagRequest::descriptor()->file()}) {
    for (int s = 0; s < file->service_count(); ++s) {
      const google::protobuf::ServiceDescriptor& service = *file->service(s);
      for (int m = 0; m < service.method_count(); ++m) {
        const v1::Role role = service.method(m)->options().GetExtension(v1::role);
        if (role == v1::ROLE_UNSPECIFIED) {
          return absl::InternalError(
              absl::StrCat("method ", service.method(m)->full_name(), " has no role"));
        }
        table[absl::StrCat("/", service.full_name(), "/", service.method(m)->name())] = role;
      }
    }
  }
  return table;
}

Guard::Guard(RoleTable roles, std::vector<KnownToken> tokens)
    : roles_(std::move(roles)), tokens_(std::move(tokens)) {}

Verdict Guard::Judge(absl::string_view path, absl::string_view authorization) const {
  const auto need = roles_.find(path);
  if (need != roles_.end() && need->second == v1::ROLE_PUBLIC) return Verdict::kPass;
  absl::string_view token = authorization;
  if (!absl::ConsumePrefix(&token, "Bearer ")) return Verdict::kNoToken;
  const TokenHash hash = HashToken(token);
  for (const KnownToken& known : tokens_) {
    if (CRYPTO_memcmp(known.hash.data(), hash.data(), hash.size()) != 0) continue;
    if (need == roles_.end()) return Verdict::kUnknownMethod;
    return known.roles.contains(need->second) ? Verdict::kPass : Verdict::kWrongRole;
  }
  return Verdict::kNoToken;
}

std::set<v1::Role> AllRoles() {
  return {v1::ROLE_AGENT, v1::ROLE_READER, v1::ROLE_OPERATOR, v1::ROLE_ADMIN};
}

std::shared_ptr<grpc::AuthMetadataProcessor> MakeAuthProcessor(std::shared_ptr<const Guard> guard) {
  return std::make_shared<Processor>(std::move(guard));
}

}  // namespace varve
