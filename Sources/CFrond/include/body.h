#pragma once

/// A Swift closure `(Int) -> Void` that does not escape: its function and its context, which lies on its caller's stack.
typedef struct {
  void (*function)(void);
  void *context;
} frond_body;

/// Calls a closure that its caller still holds.
void frond_call(const frond_body *body, long argument);
