#include "options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char USAGE[] =
    "usage: load-client --socket PATH [options]\n"
    "Plays Kong Gateway's side of the plugin server protocols, and prints what it measured as one line of JSON.\n"
    "  --protocol NAME     MsgPack:1 (default) or ProtoBuf:1\n"
    "  --plugin NAME       default bench\n"
    "  --config JSON       configuration of the instance, default {}\n"
    "  --phase NAME        default access\n"
    "  --connections N     events in flight, each on a connection of its own, default 1\n"
    "  --warm-up SECONDS   default 0.5, not measured\n"
    "  --warm-up-events N  the warm-up goes on until N events have run, but at most five times as long\n"
    "  --seconds SECONDS   default 2\n"
    "  --events N          exactly N events instead of a time, without warm-up\n"
    "  --pairs N           start and close N instances instead of running events\n"
    "  --calls N           every event must make N PDK calls\n"
    "  --body-bytes N      size of the request body, default 65536\n"
    "  --trace             print every PDK call\n";

static void fail(void) {
  fputs(USAGE, stderr);
  exit(2);
}

static double number(const char *text, double least) {
  char *end;
  double value = strtod(text, &end);
  if (end == text || *end || value < least) fail();
  return value;
}

static const struct kong_protocol *protocol(const char *name) {
  if (strcmp(name, MSGPACK_1.name) == 0) return &MSGPACK_1;
  if (strcmp(name, PROTOBUF_1.name) == 0) return &PROTOBUF_1;
  fail();
  return NULL;
}

struct options read_options(int count, char **arguments) {
  static const struct option names[] = {
      {"socket", 1, 0, 's'}, {"protocol", 1, 0, 'p'}, {"plugin", 1, 0, 'n'},  {"config", 1, 0, 'j'}, {"phase", 1, 0, 'e'},
      {"connections", 1, 0, 'c'}, {"warm-up", 1, 0, 'w'}, {"warm-up-events", 1, 0, 'W'}, {"seconds", 1, 0, 'd'}, {"events", 1, 0, 'N'}, {"pairs", 1, 0, 'P'},
      {"calls", 1, 0, 'C'}, {"body-bytes", 1, 0, 'b'}, {"trace", 0, 0, 't'}, {0}};
  struct options options = {.protocol = &MSGPACK_1, .plugin = "bench", .config = "{}", .phase = "access", .connections = 1, .warm_up = 0.5, .seconds = 2, .calls = -1, .body_bytes = 65536};
  for (int name; (name = getopt_long(count, arguments, "", names, NULL)) != -1;) {
    switch (name) {
      case 's': options.socket = optarg; break;
      case 'p': options.protocol = protocol(optarg); break;
      case 'n': options.plugin = optarg; break;
      case 'j': options.config = optarg; break;
      case 'e': options.phase = optarg; break;
      case 'c': options.connections = (unsigned)number(optarg, 1); break;
      case 'w': options.warm_up = number(optarg, 0); break;
      case 'W': options.warm_up_events = (unsigned long)number(optarg, 0); break;
      case 'd': options.seconds = number(optarg, 0.01); break;
      case 'N': options.events = (unsigned long)number(optarg, 1); break;
      case 'P': options.pairs = (unsigned long)number(optarg, 1); break;
      case 'C': options.calls = (long)number(optarg, 0); break;
      case 'b': options.body_bytes = (unsigned long)number(optarg, 0); break;
      case 't': options.trace = true; break;
      default: fail();
    }
  }
  if (!options.socket || optind < count) fail();
  return options;
}
