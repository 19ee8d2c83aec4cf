#ifndef MESSAGE_PACK_H
#define MESSAGE_PACK_H

#include "bytes.h"

/* Written as Kong writes: text never as str8, whole numbers as short as they go. */
void mp_write_array(struct bytes *out, uint32_t count);
void mp_write_map(struct bytes *out, uint32_t count);
void mp_write_integer(struct bytes *out, uint64_t value);
void mp_write_text(struct bytes *out, const char *text);
void mp_write_slice(struct bytes *out, struct slice text);
void mp_write_binary(struct bytes *out, struct slice bytes);

enum mp_type { MP_NIL, MP_BOOLEAN, MP_INTEGER, MP_FLOAT, MP_TEXT, MP_ARRAY, MP_MAP, MP_EXTENSION };

struct mp_value {
  enum mp_type type;
  int64_t integer;
  /* Text, of str and bin alike. */
  struct slice text;
  /* Elements of an array, pairs of a map. */
  uint32_t count;
};

/* Reads a value, of arrays and maps only the head. Returns what follows, or NULL when bytes are missing. */
const uint8_t *mp_read(const uint8_t *at, const uint8_t *end, struct mp_value *value);
/* Returns the end of a value with all that is in it, or NULL when bytes are missing. */
const uint8_t *mp_skip(const uint8_t *at, const uint8_t *end);
/* Returns the value of a member of the map at `at`, or NULL when there is none. */
const uint8_t *mp_member(const uint8_t *at, const uint8_t *end, const char *key);

#endif
