#ifndef CONNECTION_H
#define CONNECTION_H

#include <stdbool.h>

#include "bytes.h"

/* The event that a connection carries: Kong has one call outstanding on each. */
struct event {
  bool running;
  uint64_t started;
  unsigned calls;
  /* MsgPack:1: the event id as it came, to be sent back and compared byte by byte. */
  struct bytes id;
  /* ProtoBuf:1: which frame comes next, and the method that the next one belongs to. */
  enum { AWAITS_METHOD, AWAITS_ARGUMENTS, AWAITS_RETURN } awaits;
  const struct pdk_method *method;
};

struct connection {
  int fd;
  struct bytes received;
  /* What the socket has not taken yet. */
  struct bytes unsent;
  uint64_t message_id;
  struct event event;
};

/* Connects to a unix socket; ends the program when nobody listens there. */
void connection_open(struct connection *connection, const char *path);
/* The process that listens at the other end. */
int connection_peer(const struct connection *connection);
/* Watches a connection with an epoll instance; the event data is the connection. */
void connection_watch(struct connection *connection, int epoll);
void connection_send(struct connection *connection, int epoll, const void *data, size_t length);
/* Sends what was left when the socket was full. */
void connection_flush(struct connection *connection, int epoll);
/* Reads what is there into `received`. */
void connection_receive(struct connection *connection);
/* Waits until something has been received. */
void connection_wait(struct connection *connection);

#endif
