#pragma once

/* uname(2). Each string ends with a NUL inside its array. */
struct utsname {
	char sysname[65];
	char nodename[65];
	char release[65];
	char version[65];
	char machine[65];
	char domainname[65];
};

_Static_assert(sizeof(struct utsname) == 390, "struct utsname as in Linux");
