"""A VGA text screen, read from a picture of it.

QEMU's screendump is a PPM image of 80x25 cells, each 9x16 pixels, drawn with
the font in the video BIOS. The same font, found there, turns it into text.
"""

COLUMNS, ROWS = 80, 25
CELL_WIDTH, CELL_HEIGHT = 9, 16

# The letter A of the 8x16 VGA font, by which the whole table is found.
LETTER_A = bytes.fromhex("000010386cc6c6fec6c6c6c600000000")


def read_ppm(data):
    """(width, height, pixels) of a binary PPM with three bytes a pixel."""
    kind, width, height, most, pixels = data.split(maxsplit=4)
    # The fifth part begins after one white space; a pixel may look like more.
    pixels = data[-int(width) * int(height) * 3:]
    if kind != b"P6" or most != b"255":
        raise ValueError("not a PPM picture")
    return int(width), int(height), pixels


def find_font(bios):
    """The 128 ASCII glyphs in a dump of the video BIOS, each to its letter."""
    start = bios.index(LETTER_A) - ord("A") * CELL_HEIGHT
    glyphs = {}
    for code in range(ord(" "), 127):
        at = start + code * CELL_HEIGHT
        glyphs.setdefault(bios[at:at + CELL_HEIGHT], chr(code))
    return glyphs


def cell_rows(pixels, width, column, row):
    """One cell as sixteen bytes, a bit set where it differs from its corner."""
    paper = None
    for y in range(row * CELL_HEIGHT, (row + 1) * CELL_HEIGHT):
        bits = 0
        for x in range(column * CELL_WIDTH, column * CELL_WIDTH + 8):
            at = (y * width + x) * 3
            pixel = pixels[at:at + 3]
            paper = paper or pixel
            bits = bits << 1 | (pixel != paper)
        yield bits


def text_of(ppm, bios):
    """The screen's rows as strings; what is no ASCII glyph (a cursor) is '?'."""
    glyphs = find_font(bios)
    width, height, pixels = read_ppm(ppm)
    if (width, height) != (COLUMNS * CELL_WIDTH, ROWS * CELL_HEIGHT):
        raise ValueError(f"a screen of {width}x{height} pixels is not text mode")
    rows = []
    for row in range(ROWS):
        cells = (bytes(cell_rows(pixels, width, column, row))
                 for column in range(COLUMNS))
        rows.append("".join(glyphs.get(cell, "?") for cell in cells).rstrip())
    return rows
