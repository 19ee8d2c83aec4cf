#ifndef KONG_WORKER_H
#define KONG_WORKER_H

#include "connection.h"

/* One worker of Kong: its connections, the instance it has started, and what it has asked for so far. */
struct kong_worker {
  const struct kong_protocol *protocol;
  const char *plugin;
  const char *config;
  const char *phase;
  int epoll;
  struct connection *connections;
  unsigned connection_count;
  /* Counted up for every call, as Kong does. */
  uint64_t last_message_id;
  /* The instance id as the server gave it: MessagePack bytes, or a number. */
  struct bytes instance_id;
  uint64_t instance_number;
  /* Prints every PDK call. */
  bool trace;
  uint64_t pdk_calls;
  /* Told when an event is over, whether it went well or not. */
  void (*event_ended)(struct kong_worker *worker, struct connection *connection);
};

/* What differs between MsgPack:1 and ProtoBuf:1. */
struct kong_protocol {
  const char *name;
  /* Both wait for the answer. */
  void (*start_instance)(struct kong_worker *worker, struct connection *connection);
  void (*close_instance)(struct kong_worker *worker, struct connection *connection);
  void (*begin_event)(struct kong_worker *worker, struct connection *connection);
  /* Takes one whole message from what was received. Returns false when it is not complete. */
  bool (*take_message)(struct kong_worker *worker, struct connection *connection);
};

extern const struct kong_protocol MSGPACK_1;
extern const struct kong_protocol PROTOBUF_1;

#endif
