/* SPDX-License-Identifier: MIT
 *
 * Comparing pictures.
 */
#include "picture.h"

#include "payloads.h"
#include <linkbook/text.h>

#include <check.h>
#include <string.h>
#include <utf8proc.h>
#include <wchar.h>

/* --- what the emulator knows --------------------------------------------------------------- */

/* Its table of widths is older than ours: what it measures otherwise cannot be compared there. */
static int width_there(uint32_t code)
{
	static VTerm *scratch;
	struct buf b = BUF_INIT;
	VTermPos at;
	if (!scratch) {
		scratch = vterm_new(2, 20);
		vterm_set_utf8(scratch, 1);
		vterm_screen_reset(vterm_obtain_screen(scratch), 1);
	}
	buf_add_text(&b, "\033[2J\033[Ha");
	payload_letter(code, &b);
	vterm_input_write(scratch, (const char *)b.p, b.n);
	vterm_state_get_cursorpos(vterm_obtain_state(scratch), &at);
	buf_fini(&b);
	return at.col - 1;
}

static bool is_known_there(uint32_t code)
{
	int ours = wcwidth((wchar_t)code);
	return ours < 0 || ours == width_there(code);
}

/* What is cleaned away before it comes there does not count. */
bool picture_knows(struct span text)
{
	struct buf clean = BUF_INIT;
	bool known = true;
	text_clean(text, &clean);
	for (struct span s = buf_span(&clean); s.n;) {
		utf8proc_int32_t code;
		utf8proc_ssize_t n = utf8proc_iterate(s.p, (utf8proc_ssize_t)s.n, &code);
		known &= is_known_there((uint32_t)code);
		s = span_of(s.p + n, s.n - (size_t)n);
	}
	buf_fini(&clean);
	return known;
}

/* --- the terminal against the grid -------------------------------------------------------- */

static uint32_t first_letter(const struct cell *c)
{
	utf8proc_int32_t code = 0;
	utf8proc_iterate((const uint8_t *)c->text, -1, &code);
	return (uint32_t)code;
}

/* What a terminal of fewer letters shows in its place: one of ASCII, and a blank. */
static bool stands_for(const VTermScreenCell *there)
{
	return there->width == 1 && there->chars[0] > ' ' && there->chars[0] < 0x7F;
}

static bool is_blank(const VTermScreenCell *there)
{
	return !there->chars[0] || there->chars[0] == ' ';
}

bool picture_shows(const struct cell *c, const VTermScreenCell *there)
{
	if (!c->width) /* the right half of a wide one, or of what stands for it */
		return there->chars[0] == (uint32_t)-1 || is_blank(there);
	if (!strcmp(c->text, " "))
		return is_blank(there);
	if (there->chars[0] == first_letter(c))
		return there->width == c->width || there->width == 1;
	return stands_for(there);
}

static void compare_cell(const struct stage *s, int y, int x, const char *what)
{
	VTermScreenCell there;
	const struct cell *c = grid_cell(&s->ui.grid, y, x);
	vterm_screen_get_cell(s->screen, (VTermPos){y, x}, &there);
	if (!picture_shows(c,
			   &there)) /* Check writes a line for each assertion: too many of them */
		ck_abort_msg("%s: row %d, column %d: \"%s\" (%04X) of %d columns is %04X of %d",
			     what, y, x, c->text, first_letter(c), c->width, there.chars[0],
			     there.width);
}

void picture_compare(const struct stage *s, const char *what)
{
	const struct grid *g = &s->ui.grid;
	for (int y = 0; y < g->rows; y++)
		for (int x = 0; x < g->columns; x++)
			compare_cell(s, y, x, what);
}
