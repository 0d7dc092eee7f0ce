#pragma once

#include <stdint.h>

/// Number of heap allocations this process has made so far: malloc, calloc, realloc and the aligned forms.
///
/// The target replaces these functions of the C library for the whole program by ones that count and then call the
/// original, so everything is seen, the Swift runtime included.
uint64_t allocation_count(void);

/// Number of bytes that these allocations asked for.
uint64_t allocation_bytes(void);

/// Number of bytes of the heap that are in use now, what the allocator adds to each block included.
uint64_t bytes_in_use(void);
