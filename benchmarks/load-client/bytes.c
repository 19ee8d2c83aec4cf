#include "bytes.h"

#include <stdlib.h>
#include <string.h>

#include "failure.h"

void bytes_reserve(struct bytes *bytes, size_t more) {
  size_t needed = bytes->length + more;
  if (needed <= bytes->capacity) return;
  size_t capacity = bytes->capacity ? bytes->capacity : 256;
  while (capacity < needed) capacity *= 2;
  bytes->at = realloc(bytes->at, capacity);
  if (!bytes->at) give_up("out of memory");
  bytes->capacity = capacity;
}

void bytes_add(struct bytes *bytes, const void *data, size_t length) {
  bytes_reserve(bytes, length);
  if (length) memcpy(bytes->at + bytes->length, data, length);
  bytes->length += length;
}

void bytes_add_byte(struct bytes *bytes, uint8_t byte) {
  bytes_reserve(bytes, 1);
  bytes->at[bytes->length++] = byte;
}

void bytes_drop(struct bytes *bytes, size_t count) {
  bytes->length -= count;
  if (bytes->length) memmove(bytes->at, bytes->at + count, bytes->length);
}

struct slice slice_of_text(const char *text) {
  return (struct slice){(const uint8_t *)text, strlen(text)};
}

int slice_equals(struct slice slice, const char *text) {
  return slice.length == strlen(text) && memcmp(slice.at, text, slice.length) == 0;
}
