#include "body.h"

// Swift passes a closure as two arguments, and calls it with the context in a register of its own.
typedef __attribute__((swiftcall)) void function_of_body(long, __attribute__((swift_context)) void *);

__attribute__((swiftcall)) void frond_keep(frond_body *place, void (*function)(void), void *context) {
  place->function = function;
  place->context = context;
}

void frond_call(const frond_body *body, long argument) {
  ((function_of_body *)body->function)(argument, body->context);
}
