#include "tests/integration/models/http_document.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "absl/strings/str_cat.h"

namespace varve::testing {

HttpDocument::HttpDocument(std::string status, std::string body)
    : answer_(absl::StrCat("HTTP/1.1 ", status, "\r\nContent-Length: ", body.size(),
                           "\r\nConnection: close\r\n\r\n", body)),
      listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (bind(listener_, generic, size) != 0 || listen(listener_, 16) != 0 ||
      getsockname(listener_, generic, &size) != 0) {
    std::perror("listening on 127.0.0.1");
    std::abort();
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { Serve(); });
}

HttpDocument::~HttpDocument() {
  shutdown(listener_, SHUT_RDWR);  // wakes a thread to which nobody came
  if (thread_.joinable()) thread_.join();
  close(listener_);
}

const std::string& HttpDocument::request() {
  if (thread_.joinable()) thread_.join();
  return request_;
}

void HttpDocument::Serve() {
  const int connection = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  if (connection < 0) return;
  char buffer[4096];
  while (request_.find("\r\n\r\n") == std::string::npos) {
    const ssize_t size = recv(connection, buffer, sizeof buffer, 0);
    if (size <= 0) break;
    request_.append(buffer, static_cast<size_t>(size));
  }
  for (size_t sent = 0; sent < answer_.size();) {
    const ssize_t size =
        send(connection, answer_.data() + sent, answer_.size() - sent, MSG_NOSIGNAL);
    if (size <= 0) break;
    sent += static_cast<size_t>(size);
  }
  close(connection);
}

}  // namespace varve::testing
