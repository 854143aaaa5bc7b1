/*
 * Completion with Tab.
 */
#pragma once

struct line;

/*
 * Complete the word left of the cursor: at the start of a command the name of a
 * command or program, else a path. What all candidates have in common is put
 * in; if that is nothing, they are listed.
 */
void complete(struct line *line);
