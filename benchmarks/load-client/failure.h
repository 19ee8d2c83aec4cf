#ifndef FAILURE_H
#define FAILURE_H

/* Ends the program with a line on stderr and status 1. */
void give_up(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));
/* A check that a server did not pass. Counted; the first few are printed, too many end the program. */
void count_failure(const char *format, ...) __attribute__((format(printf, 1, 2)));
unsigned long failures(void);

#endif
