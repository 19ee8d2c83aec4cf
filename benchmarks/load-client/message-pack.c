#include "message-pack.h"

#include <string.h>

#include "failure.h"

static void write_number(struct bytes *out, uint8_t type, uint64_t value, int width) {
  bytes_reserve(out, 9);
  out->at[out->length++] = type;
  for (int shift = (width - 1) * 8; shift >= 0; shift -= 8) out->at[out->length++] = (uint8_t)(value >> shift);
}

void mp_write_array(struct bytes *out, uint32_t count) {
  if (count < 16) bytes_add_byte(out, (uint8_t)(0x90 | count));
  else write_number(out, 0xdc, count, 2);
}

void mp_write_map(struct bytes *out, uint32_t count) {
  if (count < 16) bytes_add_byte(out, (uint8_t)(0x80 | count));
  else write_number(out, 0xde, count, 2);
}

void mp_write_integer(struct bytes *out, uint64_t value) {
  if (value < 0x80) bytes_add_byte(out, (uint8_t)value);
  else if (value <= 0xff) write_number(out, 0xcc, value, 1);
  else if (value <= 0xffff) write_number(out, 0xcd, value, 2);
  else if (value <= 0xffffffffu) write_number(out, 0xce, value, 4);
  else write_number(out, 0xcf, value, 8);
}

void mp_write_slice(struct bytes *out, struct slice text) {
  if (text.length < 32) bytes_add_byte(out, (uint8_t)(0xa0 | text.length));
  else if (text.length <= 0xffff) write_number(out, 0xda, text.length, 2);
  else write_number(out, 0xdb, text.length, 4);
  bytes_add(out, text.at, text.length);
}

void mp_write_text(struct bytes *out, const char *text) {
  mp_write_slice(out, slice_of_text(text));
}

void mp_write_binary(struct bytes *out, struct slice bytes) {
  if (bytes.length <= 0xff) write_number(out, 0xc4, bytes.length, 1);
  else if (bytes.length <= 0xffff) write_number(out, 0xc5, bytes.length, 2);
  else write_number(out, 0xc6, bytes.length, 4);
  bytes_add(out, bytes.at, bytes.length);
}

static uint64_t big_endian(const uint8_t *at, int width) {
  uint64_t value = 0;
  while (width--) value = value << 8 | *at++;
  return value;
}

static const uint8_t *payload(const uint8_t *at, const uint8_t *end, size_t length, struct mp_value *value, enum mp_type type) {
  if ((size_t)(end - at) < length) return NULL;
  value->type = type;
  value->text = (struct slice){at, length};
  return at + length;
}

static int64_t sign_extended(uint64_t value, int width) {
  int unused = 64 - width * 8;
  return (int64_t)(value << unused) >> unused;
}

const uint8_t *mp_read(const uint8_t *at, const uint8_t *end, struct mp_value *value) {
  if (at >= end) return NULL;
  uint8_t type = *at++;
  if (type < 0x80 || type >= 0xe0) {
    value->type = MP_INTEGER;
    value->integer = (int8_t)type;
    return at;
  }
  if (type < 0xa0) {
    value->type = type < 0x90 ? MP_MAP : MP_ARRAY;
    value->count = type & 15;
    return at;
  }
  if (type < 0xc0) return payload(at, end, type & 31, value, MP_TEXT);
  /* Bytes of the number behind the types 0xc0 … 0xdf: a value, a length or a count. */
  static const uint8_t widths[] = {0, 0, 0, 0, 1, 2, 4, 1, 2, 4, 4, 8, 1, 2, 4, 8, 1, 2, 4, 8, 0, 0, 0, 0, 0, 1, 2, 4, 2, 4, 2, 4};
  int width = widths[type - 0xc0];
  if (end - at < width) return NULL;
  uint64_t number = big_endian(at, width);
  at += width;
  switch (type) {
    case 0xc0: value->type = MP_NIL; return at;
    case 0xc1: give_up("the server sent bytes that are no MessagePack");
    case 0xc2: case 0xc3: value->type = MP_BOOLEAN; value->integer = type & 1; return at;
    case 0xc4: case 0xc5: case 0xc6: case 0xd9: case 0xda: case 0xdb: return payload(at, end, number, value, MP_TEXT);
    case 0xc7: case 0xc8: case 0xc9: return payload(at, end, number + 1, value, MP_EXTENSION);
    case 0xd4: case 0xd5: case 0xd6: case 0xd7: case 0xd8: return payload(at, end, (1u << (type - 0xd4)) + 1, value, MP_EXTENSION);
    case 0xca: case 0xcb: value->type = MP_FLOAT; return at;
    case 0xcc: case 0xcd: case 0xce: case 0xcf: value->type = MP_INTEGER; value->integer = (int64_t)number; return at;
    case 0xd0: case 0xd1: case 0xd2: case 0xd3: value->type = MP_INTEGER; value->integer = sign_extended(number, width); return at;
    default: value->type = type >= 0xde ? MP_MAP : MP_ARRAY; value->count = (uint32_t)number; return at;
  }
}

const uint8_t *mp_skip(const uint8_t *at, const uint8_t *end) {
  for (uint64_t left = 1; left; left--) {
    struct mp_value value;
    at = mp_read(at, end, &value);
    if (!at) return NULL;
    if (value.type == MP_ARRAY) left += value.count;
    else if (value.type == MP_MAP) left += 2 * (uint64_t)value.count;
  }
  return at;
}

const uint8_t *mp_member(const uint8_t *at, const uint8_t *end, const char *key) {
  struct mp_value map, name;
  at = mp_read(at, end, &map);
  if (!at || map.type != MP_MAP) return NULL;
  for (uint32_t left = map.count; left && at; left--) {
    const uint8_t *member = mp_read(at, end, &name);
    if (member && name.type == MP_TEXT && slice_equals(name.text, key)) return member;
    at = mp_skip(at, end);
    if (at) at = mp_skip(at, end);
  }
  return NULL;
}
