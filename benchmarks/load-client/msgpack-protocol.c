#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "failure.h"
#include "kong-worker.h"
#include "message-pack.h"
#include "pdk-methods.h"

/* One message at a time is written: a scratch buffer serves all connections. */
static struct bytes out;

static void begin_request(struct kong_worker *worker, struct connection *connection, const char *method) {
  connection->message_id = ++worker->last_message_id;
  out.length = 0;
  mp_write_array(&out, 4);
  mp_write_integer(&out, 0);
  mp_write_integer(&out, connection->message_id);
  mp_write_text(&out, method);
  mp_write_array(&out, 1);
}

static void send_request(struct kong_worker *worker, struct connection *connection) {
  connection_send(connection, worker->epoll, out.at, out.length);
}

/* Checks the frame of an answer, `[1, id, error, result]`. Returns the result, or NULL after a failure. */
static const uint8_t *result_of(const struct connection *connection, const uint8_t *at, const uint8_t *end) {
  struct mp_value value;
  at = mp_read(at, end, &value);
  if (value.type != MP_ARRAY || value.count != 4) {
    count_failure("an answer that is no array of 4");
    return NULL;
  }
  at = mp_read(at, end, &value);
  if (value.type != MP_INTEGER || value.integer != 1) {
    count_failure("an answer whose type is not 1");
    return NULL;
  }
  at = mp_read(at, end, &value);
  if (value.type != MP_INTEGER || (uint64_t)value.integer != connection->message_id) {
    count_failure("an answer with id %" PRId64 " to message %" PRIu64, value.integer, connection->message_id);
    return NULL;
  }
  const uint8_t *result = mp_read(at, end, &value);
  if (value.type == MP_NIL) return result;
  if (value.type == MP_TEXT) count_failure("the server answered with the error: %.*s", (int)value.text.length, value.text.at);
  else count_failure("an error that is no text");
  return NULL;
}

/* Waits for the answer to a request that is no part of an event. */
static const uint8_t *await_result(struct connection *connection) {
  const struct bytes *received = &connection->received;
  while (!mp_skip(received->at, received->at + received->length)) connection_wait(connection);
  const uint8_t *result = result_of(connection, received->at, received->at + received->length);
  if (!result) give_up("the instance cannot be started or closed");
  return result;
}

static void start_instance(struct kong_worker *worker, struct connection *connection) {
  begin_request(worker, connection, "plugin.StartInstance");
  mp_write_map(&out, 2);
  mp_write_text(&out, "Name");
  mp_write_text(&out, worker->plugin);
  mp_write_text(&out, "Config");
  mp_write_text(&out, worker->config);
  send_request(worker, connection);
  const uint8_t *result = await_result(connection), *end = connection->received.at + connection->received.length;
  const uint8_t *id = mp_member(result, end, "Id");
  if (!id) give_up("StartInstance was answered without Id");
  worker->instance_id.length = 0;
  bytes_add(&worker->instance_id, id, (size_t)(mp_skip(id, end) - id));
  connection->received.length = 0;
}

static void close_instance(struct kong_worker *worker, struct connection *connection) {
  begin_request(worker, connection, "plugin.CloseInstance");
  bytes_add(&out, worker->instance_id.at, worker->instance_id.length);
  send_request(worker, connection);
  await_result(connection);
  connection->received.length = 0;
}

static void begin_event(struct kong_worker *worker, struct connection *connection) {
  connection->event.id.length = 0;
  begin_request(worker, connection, "plugin.HandleEvent");
  mp_write_map(&out, 2);
  mp_write_text(&out, "InstanceId");
  bytes_add(&out, worker->instance_id.at, worker->instance_id.length);
  mp_write_text(&out, "EventName");
  mp_write_text(&out, worker->phase);
  send_request(worker, connection);
}

/* Kong reads the event id from the first answer only; a server that gives another one later is confused. */
static bool check_event_id(struct event *event, const uint8_t *at, const uint8_t *end) {
  const uint8_t *id = mp_member(at, end, "EventId");
  if (!id) return event->id.length > 0;
  size_t length = (size_t)(mp_skip(id, end) - id);
  if (!event->id.length) bytes_add(&event->id, id, length);
  return event->id.length == length && memcmp(event->id.at, id, length) == 0;
}

static void send_step(struct kong_worker *worker, struct connection *connection, const struct pdk_method *method, struct slice first) {
  struct slice answer = pdk_answer_mp(method, first);
  begin_request(worker, connection, pdk_step_method(method));
  mp_write_map(&out, answer.length ? 2 : 1);
  mp_write_text(&out, "EventId");
  bytes_add(&out, connection->event.id.at, connection->event.id.length);
  if (answer.length) {
    mp_write_text(&out, "Data");
    bytes_add(&out, answer.at, answer.length);
  }
  send_request(worker, connection);
}

/* Returns false when the server cannot be answered. */
static bool answer_call(struct kong_worker *worker, struct connection *connection, const uint8_t *data, const uint8_t *end) {
  struct mp_value name = {0}, arguments = {0}, first = {0};
  const uint8_t *at = mp_member(data, end, "Method");
  if (!at || !mp_read(at, end, &name) || name.type != MP_TEXT) {
    count_failure("Data without Method");
    return false;
  }
  const struct pdk_method *method = pdk_find(name.text);
  if (!method) {
    count_failure("method %.*s is called by no workload", (int)name.text.length, name.text.at);
    return false;
  }
  if (worker->trace) fprintf(stderr, "%s\n", method->name);
  at = mp_member(data, end, "Args");
  if (at) at = mp_read(at, end, &arguments);
  if (at && arguments.type == MP_ARRAY && arguments.count) mp_read(at, end, &first);
  pdk_check(method, first.text, arguments.count > 1);
  worker->pdk_calls++;
  connection->event.calls++;
  send_step(worker, connection, method, first.text);
  return true;
}

static bool take_message(struct kong_worker *worker, struct connection *connection) {
  const uint8_t *start = connection->received.at, *limit = start + connection->received.length;
  const uint8_t *end = mp_skip(start, limit);
  if (!end) return false;
  const uint8_t *result = result_of(connection, start, end);
  const uint8_t *data = result ? mp_member(result, end, "Data") : NULL;
  struct mp_value value;
  bool goes_on = false;
  if (result && !data) count_failure("an answer without Data");
  else if (data && !check_event_id(&connection->event, result, end)) count_failure("an event whose EventId is missing or changes");
  else if (data && mp_read(data, end, &value) && value.type == MP_TEXT) {
    if (!slice_equals(value.text, "ret")) count_failure("Data is a text other than ret");
  } else if (data) goes_on = answer_call(worker, connection, data, end);
  bytes_drop(&connection->received, (size_t)(end - start));
  if (!goes_on) worker->event_ended(worker, connection);
  return true;
}

const struct kong_protocol MSGPACK_1 = {"MsgPack:1", start_instance, close_instance, begin_event, take_message};
