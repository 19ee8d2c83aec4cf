#include "proto-buf.h"

#include "failure.h"

static void write_varint(struct bytes *out, uint64_t value) {
  while (value >= 0x80) {
    bytes_add_byte(out, (uint8_t)(value | 0x80));
    value >>= 7;
  }
  bytes_add_byte(out, (uint8_t)value);
}

void pb_write_integer(struct bytes *out, unsigned field, uint64_t value) {
  if (!value) return;
  write_varint(out, (uint64_t)field << 3 | PB_VARINT);
  write_varint(out, value);
}

void pb_write_slice(struct bytes *out, unsigned field, struct slice bytes) {
  write_varint(out, (uint64_t)field << 3 | PB_BYTES);
  write_varint(out, bytes.length);
  bytes_add(out, bytes.at, bytes.length);
}

void pb_write_text(struct bytes *out, unsigned field, const char *text) {
  pb_write_slice(out, field, slice_of_text(text));
}

static uint64_t read_varint(const uint8_t **at, const uint8_t *end) {
  uint64_t value = 0;
  for (unsigned shift = 0; *at < end && shift < 64; shift += 7) {
    uint8_t byte = *(*at)++;
    value |= (uint64_t)(byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
  give_up("the server sent bytes that are no ProtoBuf message");
}

struct pb_value pb_field(struct slice message, unsigned field) {
  struct pb_value found = {.type = PB_ABSENT};
  const uint8_t *at = message.at, *end = message.at + message.length;
  while (at < end) {
    uint64_t key = read_varint(&at, end);
    struct pb_value value = {.type = (enum pb_type)(key & 7)};
    if (value.type == PB_VARINT) value.integer = read_varint(&at, end);
    else {
      uint64_t length = value.type == PB_BYTES ? read_varint(&at, end) : value.type == PB_FIXED64 ? 8 : 4;
      if ((value.type != PB_BYTES && value.type != PB_FIXED64 && value.type != PB_FIXED32) || length > (uint64_t)(end - at)) {
        give_up("the server sent bytes that are no ProtoBuf message");
      }
      value.bytes = (struct slice){at, (size_t)length};
      at += length;
    }
    if (key >> 3 == field) found = value;
  }
  return found;
}
