#ifndef BYTES_H
#define BYTES_H

#include <stddef.h>
#include <stdint.h>

/* Bytes that somebody else owns. */
struct slice {
  const uint8_t *at;
  size_t length;
};

/* A buffer that grows. All zero is an empty one. */
struct bytes {
  uint8_t *at;
  size_t length;
  size_t capacity;
};

void bytes_reserve(struct bytes *bytes, size_t more);
void bytes_add(struct bytes *bytes, const void *data, size_t length);
void bytes_add_byte(struct bytes *bytes, uint8_t byte);
/* Forgets the first bytes and moves the rest to the front. */
void bytes_drop(struct bytes *bytes, size_t count);
struct slice slice_of_text(const char *text);
int slice_equals(struct slice slice, const char *text);

#endif
