#pragma once

#include <stdint.h>

/* Formats for printf and scanf. int64_t and the "max" types are long. */

#define PRId8	"d"
#define PRId16	"d"
#define PRId32	"d"
#define PRId64	"ld"
#define PRIi8	"i"
#define PRIi16	"i"
#define PRIi32	"i"
#define PRIi64	"li"
#define PRIo8	"o"
#define PRIo16	"o"
#define PRIo32	"o"
#define PRIo64	"lo"
#define PRIu8	"u"
#define PRIu16	"u"
#define PRIu32	"u"
#define PRIu64	"lu"
#define PRIx8	"x"
#define PRIx16	"x"
#define PRIx32	"x"
#define PRIx64	"lx"
#define PRIX8	"X"
#define PRIX16	"X"
#define PRIX32	"X"
#define PRIX64	"lX"
#define PRIdMAX	"ld"
#define PRIiMAX	"li"
#define PRIoMAX	"lo"
#define PRIuMAX	"lu"
#define PRIxMAX	"lx"
#define PRIXMAX	"lX"
#define PRIdPTR	"ld"
#define PRIiPTR	"li"
#define PRIoPTR	"lo"
#define PRIuPTR	"lu"
#define PRIxPTR	"lx"
#define PRIXPTR	"lX"

#define SCNd8	"hhd"
#define SCNd16	"hd"
#define SCNd32	"d"
#define SCNd64	"ld"
#define SCNi8	"hhi"
#define SCNi16	"hi"
#define SCNi32	"i"
#define SCNi64	"li"
#define SCNo8	"hho"
#define SCNo16	"ho"
#define SCNo32	"o"
#define SCNo64	"lo"
#define SCNu8	"hhu"
#define SCNu16	"hu"
#define SCNu32	"u"
#define SCNu64	"lu"
#define SCNx8	"hhx"
#define SCNx16	"hx"
#define SCNx32	"x"
#define SCNx64	"lx"
#define SCNdMAX	"ld"
#define SCNiMAX	"li"
#define SCNuMAX	"lu"
#define SCNxMAX	"lx"
#define SCNdPTR	"ld"
#define SCNuPTR	"lu"
#define SCNxPTR	"lx"

typedef struct {
	intmax_t quot;
	intmax_t rem;
} imaxdiv_t;

intmax_t imaxabs(intmax_t value);
imaxdiv_t imaxdiv(intmax_t num, intmax_t den);
intmax_t strtoimax(const char *restrict str, char **restrict end, int base);
uintmax_t strtoumax(const char *restrict str, char **restrict end, int base);
