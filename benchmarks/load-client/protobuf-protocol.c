#include <inttypes.h>
#include <stdio.h>

#include "failure.h"
#include "kong-worker.h"
#include "pdk-methods.h"
#include "proto-buf.h"

/* Fields of RpcCall and RpcReturn. */
enum { SEQUENCE = 1, START_INSTANCE = 33, CLOSE_INSTANCE = 35, HANDLE_EVENT = 36, INSTANCE_STATUS = 33 };
enum { LONGEST_FRAME = 64 << 20 };

static struct bytes out;
static struct bytes command;

/* Kong sends length and payload separately, and so they often arrive separately. */
static void send_frame(struct kong_worker *worker, struct connection *connection, struct slice payload) {
  uint8_t head[4];
  for (int index = 0; index < 4; index++) head[index] = (uint8_t)(payload.length >> (8 * index));
  connection_send(connection, worker->epoll, head, sizeof head);
  if (payload.length) connection_send(connection, worker->epoll, payload.at, payload.length);
}

/* Sends an RpcCall with what was written to `command`. */
static void send_call(struct kong_worker *worker, struct connection *connection, unsigned field) {
  connection->message_id = ++worker->last_message_id;
  out.length = 0;
  pb_write_integer(&out, SEQUENCE, connection->message_id);
  pb_write_slice(&out, field, (struct slice){command.at, command.length});
  send_frame(worker, connection, (struct slice){out.at, out.length});
}

/* Returns false when the next frame is not complete. */
static bool next_frame(const struct connection *connection, struct slice *payload) {
  const struct bytes *received = &connection->received;
  if (received->length < 4) return false;
  size_t length = received->at[0] | received->at[1] << 8 | received->at[2] << 16 | (size_t)received->at[3] << 24;
  if (length > LONGEST_FRAME) give_up("the server announced a frame of %zu bytes", length);
  *payload = (struct slice){received->at + 4, length};
  return received->length >= 4 + length;
}

static void check_sequence(const struct connection *connection, struct slice rpc_return) {
  uint64_t sequence = pb_field(rpc_return, SEQUENCE).integer;
  if (sequence != connection->message_id) count_failure("RpcReturn %" PRIu64 " to call %" PRIu64, sequence, connection->message_id);
}

static struct slice await_return(struct connection *connection) {
  struct slice payload;
  while (!next_frame(connection, &payload)) connection_wait(connection);
  check_sequence(connection, payload);
  connection->received.length = 0;
  return payload;
}

static void start_instance(struct kong_worker *worker, struct connection *connection) {
  command.length = 0;
  pb_write_text(&command, 1, worker->plugin);
  pb_write_text(&command, 2, worker->config);
  send_call(worker, connection, START_INSTANCE);
  struct pb_value status = pb_field(await_return(connection), INSTANCE_STATUS);
  if (status.type != PB_BYTES) give_up("the instance does not start: RpcReturn has no instance_status");
  worker->instance_number = pb_field(status.bytes, 2).integer;
}

static void close_instance(struct kong_worker *worker, struct connection *connection) {
  command.length = 0;
  pb_write_integer(&command, 1, worker->instance_number);
  send_call(worker, connection, CLOSE_INSTANCE);
  await_return(connection);
}

static void begin_event(struct kong_worker *worker, struct connection *connection) {
  connection->event.awaits = AWAITS_METHOD;
  command.length = 0;
  pb_write_integer(&command, 1, worker->instance_number);
  pb_write_text(&command, 2, worker->phase);
  send_call(worker, connection, HANDLE_EVENT);
}

static void take_method(struct kong_worker *worker, struct event *event, struct slice name) {
  if (!name.length) {
    event->awaits = AWAITS_RETURN;
    return;
  }
  event->method = pdk_find(name);
  /* Kong itself cannot go on here either: the protocol knows no error. */
  if (!event->method) give_up("method %.*s is called by no workload", (int)name.length, name.at);
  if (worker->trace) fprintf(stderr, "%s\n", event->method->name);
  event->awaits = AWAITS_ARGUMENTS;
}

static void answer_call(struct kong_worker *worker, struct connection *connection, struct slice arguments) {
  struct event *event = &connection->event;
  struct slice first = pb_field(arguments, 1).bytes;
  pdk_check(event->method, first, pb_field(arguments, 2).type != PB_ABSENT);
  worker->pdk_calls++;
  event->calls++;
  event->awaits = AWAITS_METHOD;
  send_frame(worker, connection, pdk_answer_pb(event->method, first));
}

static bool take_message(struct kong_worker *worker, struct connection *connection) {
  struct slice payload;
  if (!next_frame(connection, &payload)) return false;
  bool ended = connection->event.awaits == AWAITS_RETURN;
  if (ended) check_sequence(connection, payload);
  else if (connection->event.awaits == AWAITS_METHOD) take_method(worker, &connection->event, payload);
  else answer_call(worker, connection, payload);
  bytes_drop(&connection->received, 4 + payload.length);
  if (ended) worker->event_ended(worker, connection);
  return true;
}

const struct kong_protocol PROTOBUF_1 = {"ProtoBuf:1", start_instance, close_instance, begin_event, take_message};
