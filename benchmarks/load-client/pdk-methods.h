#ifndef PDK_METHODS_H
#define PDK_METHODS_H

#include <stdbool.h>

#include "bytes.h"

/* What Kong does with a call, and so what is looked at here. */
enum pdk_kind { PDK_TEXT, PDK_HEADER, PDK_HEADERS, PDK_QUERY, PDK_BODY, PDK_SET_HEADER, PDK_SET_BODY, PDK_LOG };

struct pdk_method {
  const char *name;
  enum pdk_kind kind;
  const char *text;
};

/* Makes what the stand-in answers, once: the values are the same for every event. */
void pdk_prepare(size_t body_bytes);
/* NULL for a method that no workload calls. */
const struct pdk_method *pdk_find(struct slice name);
/* The first argument of a call as text, and whether a second one is there. Wrong arguments count as a failure. */
void pdk_check(const struct pdk_method *method, struct slice first, bool has_second);
/* The answer as a MessagePack value; empty for nil. */
struct slice pdk_answer_mp(const struct pdk_method *method, struct slice first);
/* The answer as a ProtoBuf message; empty for nil. */
struct slice pdk_answer_pb(const struct pdk_method *method, struct slice first);
/* The method of the MsgPack:1 request that brings the answer. */
const char *pdk_step_method(const struct pdk_method *method);

#endif
