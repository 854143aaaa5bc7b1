/*
 * The PS/2 keyboard: scancode set 1, US layout. Keys arrive at
 * console_input() as the bytes that a serial terminal would send.
 */
#pragma once

/* Program the controller and switch its interrupt on; none there: no keys. */
void keyboard_init(void);
