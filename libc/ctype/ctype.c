/* Kinds of characters in the "C" locale. One comparison decides most of them. */
#include <ctype.h>

/* Is @c in [first, last]? Below first, the difference wraps round. */
static inline int in_range(int c, int first, int last)
{
	return (unsigned int)c - (unsigned int)first <=
	       (unsigned int)(last - first);
}

int isdigit(int c)
{
	return in_range(c, '0', '9');
}

int islower(int c)
{
	return in_range(c, 'a', 'z');
}

int isupper(int c)
{
	return in_range(c, 'A', 'Z');
}

int isalpha(int c)
{
	return islower(c | 0x20);
}

int isalnum(int c)
{
	return isalpha(c) || isdigit(c);
}

int isxdigit(int c)
{
	return isdigit(c) || in_range(c | 0x20, 'a', 'f');
}

int isspace(int c)
{
	return c == ' ' || in_range(c, '\t', '\r');
}

int isblank(int c)
{
	return c == ' ' || c == '\t';
}

int iscntrl(int c)
{
	return in_range(c, 0, 0x1f) || c == 0x7f;
}

int isprint(int c)
{
	return in_range(c, ' ', '~');
}

int isgraph(int c)
{
	return in_range(c, '!', '~');
}

int ispunct(int c)
{
	return isgraph(c) && !isalnum(c);
}

int isascii(int c)
{
	return in_range(c, 0, 0x7f);
}

int toascii(int c)
{
	return c & 0x7f;
}

int tolower(int c)
{
	return isupper(c) ? c + ('a' - 'A') : c;
}

int toupper(int c)
{
	return islower(c) ? c - ('a' - 'A') : c;
}
