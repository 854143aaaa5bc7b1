/*
 * prefix.h - the same allocator under other names, beside the system's own.
 *
 * For tests and for programs that want both: compile with -include prefix.h.
 */
#pragma once

#define malloc			fl_malloc
#define free			fl_free
#define calloc			fl_calloc
#define realloc			fl_realloc
#define reallocarray		fl_reallocarray
#define free_sized		fl_free_sized
#define free_aligned_sized	fl_free_aligned_sized
#define memalign		fl_memalign
#define aligned_alloc		fl_aligned_alloc
#define posix_memalign		fl_posix_memalign
#define valloc			fl_valloc
#define pvalloc			fl_pvalloc
#define malloc_usable_size	fl_malloc_usable_size
#define malloc_trim		fl_malloc_trim
#define mallopt			fl_mallopt
#define mallinfo		fl_mallinfo
#define mallinfo2		fl_mallinfo2
#define malloc_stats		fl_malloc_stats
#define malloc_info		fl_malloc_info
