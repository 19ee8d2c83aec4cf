#include "pdk-methods.h"

#include <stdlib.h>
#include <string.h>

#include "failure.h"
#include "message-pack.h"
#include "proto-buf.h"

static const struct pdk_method METHODS[] = {
  {"kong.request.get_header", PDK_HEADER, NULL},
  {"kong.request.get_method", PDK_TEXT, "POST"},
  {"kong.request.get_path", PDK_TEXT, "/shop/v2/baskets/81723/items"},
  {"kong.request.get_headers", PDK_HEADERS, NULL},
  {"kong.request.get_query", PDK_QUERY, NULL},
  {"kong.client.get_ip", PDK_TEXT, "198.51.100.23"},
  {"kong.service.request.set_header", PDK_SET_HEADER, NULL},
  {"kong.response.set_header", PDK_SET_HEADER, NULL},
  {"kong.request.get_raw_body", PDK_BODY, NULL},
  {"kong.service.request.set_raw_body", PDK_SET_BODY, NULL},
  {"kong.log.err", PDK_LOG, NULL},
  {"kong.log.warn", PDK_LOG, NULL},
};

struct pair {
  const char *name;
  const char *value;
};

/* A browser's request behind a proxy: 12 headers, one of them long. */
static const struct pair HEADERS[] = {
  {"host", "shop.example.net"},
  {"user-agent", "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15"},
  {"accept", "application/json"},
  {"accept-language", "de-DE,de;q=0.9,en;q=0.7"},
  {"accept-encoding", "gzip, br"},
  {"authorization", "Bearer 4f1c0f7e9b2d4a6c8e0a1b3c5d7e9f10.b64a1e2d3c4f5a6b7c8d9e0f1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d"},
  {"content-type", "application/json"},
  {"content-length", "412"},
  {"x-request-id", "018f6a2e-7c1b-7d3a-9e55-3b1f0c2d4e6f"},
  {"x-forwarded-for", "198.51.100.23, 203.0.113.9"},
  {"cookie", "basket=81723; lang=de; consent=1"},
  {"connection", "keep-alive"},
};
static const struct pair QUERY[] = {{"expand", "prices"}, {"currency", "EUR"}, {"page", "3"}, {"sort", "-added_at"}};

enum { METHOD_COUNT = sizeof METHODS / sizeof *METHODS, HEADER_COUNT = sizeof HEADERS / sizeof *HEADERS, QUERY_COUNT = sizeof QUERY / sizeof *QUERY };

/* Both encodings of one answer. */
struct answer {
  struct bytes mp;
  struct bytes pb;
};

static struct answer method_answers[METHOD_COUNT];
static struct answer header_answers[HEADER_COUNT];
static struct slice body;

static void prepare_text(struct answer *answer, const char *text) {
  mp_write_text(&answer->mp, text);
  pb_write_text(&answer->pb, 1, text);
}

/* Kong's multi-maps: in MsgPack:1 every value is an array, in ProtoBuf:1 the table is a google.protobuf.Struct. */
static void prepare_table(struct answer *answer, const struct pair *pairs, unsigned count) {
  mp_write_map(&answer->mp, count);
  for (unsigned index = 0; index < count; index++) {
    mp_write_text(&answer->mp, pairs[index].name);
    mp_write_array(&answer->mp, 1);
    mp_write_text(&answer->mp, pairs[index].value);
    struct bytes value = {0}, entry = {0};
    pb_write_text(&value, 3, pairs[index].value);
    pb_write_text(&entry, 1, pairs[index].name);
    pb_write_slice(&entry, 2, (struct slice){value.at, value.length});
    pb_write_slice(&answer->pb, 1, (struct slice){entry.at, entry.length});
    free(value.at);
    free(entry.at);
  }
}

/* Text that does not repeat, so that a body put together in the wrong order is noticed. */
static void prepare_body(size_t length) {
  uint8_t *text = malloc(length + 1);
  if (!text) give_up("out of memory");
  uint32_t state = 2463534242u;
  for (size_t index = 0; index < length; index++) {
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    text[index] = (uint8_t)(' ' + state % 95);
  }
  body = (struct slice){text, length};
}

void pdk_prepare(size_t body_bytes) {
  prepare_body(body_bytes);
  for (unsigned index = 0; index < HEADER_COUNT; index++) prepare_text(header_answers + index, HEADERS[index].value);
  for (unsigned index = 0; index < METHOD_COUNT; index++) {
    struct answer *answer = method_answers + index;
    switch (METHODS[index].kind) {
      case PDK_TEXT: prepare_text(answer, METHODS[index].text); break;
      case PDK_HEADERS: prepare_table(answer, HEADERS, HEADER_COUNT); break;
      case PDK_QUERY: prepare_table(answer, QUERY, QUERY_COUNT); break;
      case PDK_BODY:
        mp_write_binary(&answer->mp, body);
        pb_write_slice(&answer->pb, 1, body);
        break;
      case PDK_HEADER: case PDK_SET_HEADER: case PDK_SET_BODY: case PDK_LOG: break;
    }
  }
}

const struct pdk_method *pdk_find(struct slice name) {
  for (unsigned index = 0; index < METHOD_COUNT; index++) {
    if (slice_equals(name, METHODS[index].name)) return METHODS + index;
  }
  return NULL;
}

void pdk_check(const struct pdk_method *method, struct slice first, bool has_second) {
  if (method->kind == PDK_SET_HEADER && (!first.length || !has_second)) count_failure("%s lacks name or value", method->name);
  if (method->kind == PDK_HEADER && !first.length) count_failure("%s lacks the name", method->name);
  if (method->kind == PDK_SET_BODY && (first.length != body.length || memcmp(first.at, body.at, body.length) != 0)) {
    count_failure("%s: %zu bytes came, not the %zu bytes of the body that was given", method->name, first.length, body.length);
  }
}

static const struct answer *answer_of(const struct pdk_method *method, struct slice first) {
  static const struct answer nil;
  if (method->kind != PDK_HEADER) return method_answers + (method - METHODS);
  for (unsigned index = 0; index < HEADER_COUNT; index++) {
    if (slice_equals(first, HEADERS[index].name)) return header_answers + index;
  }
  return &nil;
}

struct slice pdk_answer_mp(const struct pdk_method *method, struct slice first) {
  const struct bytes *answer = &answer_of(method, first)->mp;
  return (struct slice){answer->at, answer->length};
}

struct slice pdk_answer_pb(const struct pdk_method *method, struct slice first) {
  const struct bytes *answer = &answer_of(method, first)->pb;
  return (struct slice){answer->at, answer->length};
}

const char *pdk_step_method(const struct pdk_method *method) {
  return method->kind == PDK_HEADERS || method->kind == PDK_QUERY ? "plugin.StepMultiMap" : "plugin.Step";
}
