#ifndef ALLOCATIONS_H
#define ALLOCATIONS_H

/* What the process has asked the heap for: malloc and its relatives are counted on their way to the C library. */

/* Blocks that were allocated since the start, reallocations included. */
long allocations_made(void);
/* Bytes that are allocated now. */
long allocations_bytes(void);

#endif
