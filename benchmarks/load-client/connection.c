#define _GNU_SOURCE
#include "connection.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "failure.h"

enum { READ_BYTES = 128 * 1024 };

void connection_open(struct connection *connection, const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen(path) >= sizeof address.sun_path) give_up("socket path %s is too long", path);
  strcpy(address.sun_path, path);
  connection->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connection->fd < 0 || connect(connection->fd, (struct sockaddr *)&address, sizeof address) < 0) {
    give_up("cannot connect to %s: %s", path, strerror(errno));
  }
  fcntl(connection->fd, F_SETFL, O_NONBLOCK);
}

int connection_peer(const struct connection *connection) {
  struct ucred peer;
  socklen_t length = sizeof peer;
  if (getsockopt(connection->fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) < 0) give_up("cannot tell the server's process: %s", strerror(errno));
  return peer.pid;
}

static void watch(struct connection *connection, int epoll, int operation) {
  uint32_t events = EPOLLIN | (connection->unsent.length ? EPOLLOUT : 0);
  struct epoll_event interest = {.events = events, .data.ptr = connection};
  if (epoll_ctl(epoll, operation, connection->fd, &interest) < 0) give_up("epoll: %s", strerror(errno));
}

void connection_watch(struct connection *connection, int epoll) {
  watch(connection, epoll, EPOLL_CTL_ADD);
}

/* Returns how many bytes the socket took. */
static size_t try_send(struct connection *connection, const void *data, size_t length) {
  ssize_t sent = send(connection->fd, data, length, MSG_NOSIGNAL);
  if (sent >= 0) return (size_t)sent;
  if (errno != EAGAIN) give_up("cannot send: %s", strerror(errno));
  return 0;
}

void connection_send(struct connection *connection, int epoll, const void *data, size_t length) {
  if (connection->unsent.length) {
    bytes_add(&connection->unsent, data, length);
    return;
  }
  size_t sent = try_send(connection, data, length);
  if (sent == length) return;
  bytes_add(&connection->unsent, (const uint8_t *)data + sent, length - sent);
  watch(connection, epoll, EPOLL_CTL_MOD);
}

void connection_flush(struct connection *connection, int epoll) {
  bytes_drop(&connection->unsent, try_send(connection, connection->unsent.at, connection->unsent.length));
  if (!connection->unsent.length) watch(connection, epoll, EPOLL_CTL_MOD);
}

void connection_receive(struct connection *connection) {
  struct bytes *received = &connection->received;
  bytes_reserve(received, READ_BYTES);
  ssize_t length = recv(connection->fd, received->at + received->length, received->capacity - received->length, 0);
  if (length > 0) received->length += (size_t)length;
  else if (length == 0) give_up("the server closed a connection");
  else if (errno != EAGAIN) give_up("cannot read: %s", strerror(errno));
}

void connection_wait(struct connection *connection) {
  struct pollfd readable = {.fd = connection->fd, .events = POLLIN};
  if (poll(&readable, 1, 60000) <= 0) give_up("the server answered nothing for 60 s");
  connection_receive(connection);
}
