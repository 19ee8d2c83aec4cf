#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>

#include "kong-worker.h"

struct options {
  const char *socket;
  const struct kong_protocol *protocol;
  const char *plugin;
  const char *config;
  const char *phase;
  unsigned connections;
  double warm_up;
  /* The warm-up goes on until so many events have run, but at most five times as long. */
  unsigned long warm_up_events;
  double seconds;
  /* Not 0: exactly so many events, without warm-up, instead of a time. */
  unsigned long events;
  /* Not 0: so many instances are started and closed, and no event runs. */
  unsigned long pairs;
  /* Not negative: every event must make so many PDK calls. */
  long calls;
  unsigned long body_bytes;
  bool trace;
};

/* Ends the program with a usage text when something is wrong. */
struct options read_options(int count, char **arguments);

#endif
