#include "failure.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { PRINTED = 5, TOO_MANY = 100 };

static unsigned long counted;

static void print_line(const char *format, va_list arguments) {
  fputs("load-client: ", stderr);
  vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
}

void give_up(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  print_line(format, arguments);
  va_end(arguments);
  exit(1);
}

void count_failure(const char *format, ...) {
  counted++;
  if (counted <= PRINTED) {
    va_list arguments;
    va_start(arguments, format);
    print_line(format, arguments);
    va_end(arguments);
  }
  if (counted >= TOO_MANY) give_up("%d checks failed: this server does not run the workload", TOO_MANY);
}

unsigned long failures(void) {
  return counted;
}
