// A server of HTTP that has one answer.
#pragma once

#include <string>
#include <thread>

namespace varve::testing {

// Listens on a port of 127.0.0.1 and answers the first request; aborts where it cannot listen.
class HttpDocument {
 public:
  // `status`: "200 OK"; further headers may follow it.
  HttpDocument(std::string status, std::string body);
  ~HttpDocument();
  HttpDocument(const HttpDocument&) = delete;
  HttpDocument& operator=(const HttpDocument&) = delete;
  int port() const { return port_; }
  // The first request, with its headers. Waits until it was answered.
  const std::string& request();

 private:
  void Serve();

  const std::string answer_;
  std::string request_;  // the thread's until it is joined
  int listener_ = -1;
  int port_ = 0;
  std::thread thread_;
};

}  // namespace varve::testing
