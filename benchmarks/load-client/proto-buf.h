#ifndef PROTO_BUF_H
#define PROTO_BUF_H

#include "bytes.h"

void pb_write_integer(struct bytes *out, unsigned field, uint64_t value);
void pb_write_slice(struct bytes *out, unsigned field, struct slice bytes);
void pb_write_text(struct bytes *out, unsigned field, const char *text);

enum pb_type { PB_ABSENT = -1, PB_VARINT = 0, PB_FIXED64 = 1, PB_BYTES = 2, PB_FIXED32 = 5 };

struct pb_value {
  enum pb_type type;
  uint64_t integer;
  struct slice bytes;
};

/* Looks for a field of a message; the last one counts, as in every reader of ProtoBuf. */
struct pb_value pb_field(struct slice message, unsigned field);

#endif
