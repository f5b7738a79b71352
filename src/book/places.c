/* SPDX-License-Identifier: MIT
 *
 * Where postcodes are: the table of a book, and the middles of districts where it has none.
 */
#include <linkbook/places.h>

#include <linkbook/mem.h>
#include <linkbook/text.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CODE = 9 }; /* "EC1A1BBA", and a NUL */

struct place {
	char code[CODE];
	struct point at;
};
struct places {
	struct place *v; /* by code */
	size_t count;
};

/* The middles of postcode districts, our own means over their postcodes, rounded to hundredths of
 * a degree (about a kilometre).  Source: ONS Postcode Directory, Open Government Licence v3.0;
 * contains OS data (c) Crown copyright and database right, Royal Mail data (c) Royal Mail copyright
 * and database right, National Statistics data (c) Crown copyright and database right. */
static const struct {
	const char *code;
	struct point at;
} districts[] = {
	{"G1", {55.86, -4.25}},	 {"G11", {55.87, -4.31}}, {"G12", {55.88, -4.30}},
	{"G13", {55.89, -4.35}}, {"G14", {55.88, -4.35}}, {"G15", {55.91, -4.36}},
	{"G2", {55.86, -4.25}},	 {"G20", {55.89, -4.28}}, {"G21", {55.88, -4.22}},
	{"G22", {55.89, -4.25}}, {"G23", {55.90, -4.28}}, {"G3", {55.87, -4.28}},
	{"G31", {55.86, -4.21}}, {"G32", {55.85, -4.16}}, {"G33", {55.87, -4.17}},
	{"G34", {55.87, -4.11}}, {"G4", {55.87, -4.25}},  {"G40", {55.85, -4.22}},
	{"G41", {55.84, -4.28}}, {"G42", {55.83, -4.26}}, {"G43", {55.82, -4.29}},
	{"G44", {55.82, -4.25}}, {"G45", {55.81, -4.23}}, {"G46", {55.81, -4.32}},
	{"G5", {55.85, -4.25}},	 {"G51", {55.86, -4.31}}, {"G52", {55.85, -4.35}},
	{"G53", {55.82, -4.35}}, {"G60", {55.92, -4.45}}, {"G69", {55.85, -4.11}},
	{"G81", {55.91, -4.41}}, {"G82", {55.95, -4.56}}, {"G83", {55.99, -4.57}},
};

/* Kilometres in a degree at a latitude, from the series of the ellipsoid (US Code of Federal
 * Regulations 47, 73.208, for up to 475 km). */
double point_km(struct point a, struct point b)
{
	double mid = (a.latitude + b.latitude) / 2 * (3.14159265358979323846 / 180);
	double north = 111.13209 - 0.56605 * cos(2 * mid) + 0.00120 * cos(4 * mid);
	double east = 111.41513 * cos(mid) - 0.09455 * cos(3 * mid) + 0.00012 * cos(5 * mid);
	double dy = north * (a.latitude - b.latitude), dx = east * (a.longitude - b.longitude);
	return sqrt(dx * dx + dy * dy);
}

/* (strtod reads what the locale writes.) */
bool degrees_read(struct span text, double *out)
{
	bool minus = text.n && *text.p == '-', any = false;
	double value = 0, place = 0;
	for (size_t i = minus; i < text.n; i++) {
		if (text.p[i] == '.' && !place) {
			place = 1;
			continue;
		}
		if (text.p[i] < '0' || text.p[i] > '9' || text.n > 20)
			return false;
		value = value * 10 + (text.p[i] - '0');
		place *= 10;
		any = true;
	}
	*out = (minus ? -value : value) / (place ? place : 1);
	return any;
}

/* Without blanks, in capitals; false: too long for a postcode, or no text. */
static bool squeeze(struct span postcode, char code[CODE])
{
	size_t n = 0;
	for (size_t i = 0; i < postcode.n; i++) {
		char c = (char)postcode.p[i];
		if (c == ' ')
			continue;
		if (n == CODE - 1 || !c)
			return false;
		code[n++] = (char)(c >= 'a' && c <= 'z' ? c - 32 : c);
	}
	memset(code + n, 0, CODE - n);
	return n > 0;
}

static int by_code(const void *a, const void *b)
{
	return strcmp(((const struct place *)a)->code, ((const struct place *)b)->code);
}

static bool find_district(const char *code, struct point *out)
{
	for (size_t i = 0; i < sizeof districts / sizeof *districts; i++)
		if (!strcmp(code, districts[i].code)) {
			*out = districts[i].at;
			return true;
		}
	return false;
}

enum place_known places_find(const struct places *p, struct span postcode, struct point *out)
{
	struct place key;
	if (!squeeze(postcode, key.code))
		return PLACE_UNKNOWN;
	const struct place *found =
		p->count ? bsearch(&key, p->v, p->count, sizeof key, by_code) : NULL;
	if (found) {
		*out = found->at;
		return PLACE_EXACT;
	}
	size_t n = strlen(key.code);
	if (find_district(key.code, out))
		return PLACE_DISTRICT;
	if (n > 3) /* what stands after the blank is a digit and two letters */
		key.code[n - 3] = 0;
	return find_district(key.code, out) ? PLACE_DISTRICT : PLACE_UNKNOWN;
}

size_t places_count(const struct places *p)
{
	return p->count;
}

void places_free(struct places *p)
{
	if (!p)
		return;
	free(p->v);
	free(p);
}

/* --- lines of CSV --------------------------------------------------------------------------- */

enum { COLUMNS_MOST = 100, MISTAKES_MOST = 20 };

/* The next line without its end; false: there is none. */
static bool take_line(struct span *rest, struct span *line)
{
	if (!rest->n)
		return false;
	const uint8_t *end = memchr(rest->p, '\n', rest->n);
	size_t n = end ? (size_t)(end - rest->p) : rest->n;
	*line = span_of(rest->p, n);
	rest->p += n + (end != NULL);
	rest->n -= n + (end != NULL);
	if (line->n && line->p[line->n - 1] == '\r')
		line->n--;
	return true;
}

/* One cell off the front; what stands in quotes comes without them. */
static struct span take_cell(struct span *line)
{
	bool quoted = line->n && *line->p == '"';
	size_t from = quoted, n = from;
	while (n < line->n && line->p[n] != (quoted ? '"' : ','))
		n++;
	struct span cell = span_of(line->p + from, n - from);
	while (n < line->n && line->p[n] != ',')
		n++;
	bool more = n < line->n;
	line->p += n + more;
	line->n -= n + more;
	return cell;
}

static size_t take_cells(struct span line, struct span cells[COLUMNS_MOST])
{
	size_t n = 0;
	while (n < COLUMNS_MOST && (line.n || !n))
		cells[n++] = take_cell(&line);
	return n;
}

/* --- reading a table ------------------------------------------------------------------------ */

enum column { C_POSTCODE, C_LATITUDE, C_LONGITUDE, C_ZONE, C_RANK, COLUMNS };

/* What each column is called here and there, folded. */
static const char *const column_names[COLUMNS][6] = {
	[C_POSTCODE] = {"postcode", "pcds", "pcd", "pc8"},
	[C_LATITUDE] = {"latitude", "lat"},
	[C_LONGITUDE] = {"longitude", "long", "lon", "lng"},
	[C_ZONE] = {"datazone2011", "datazone", "data zone", "dz", "lsoa11"},
	[C_RANK] = {"simd2020v2 rank", "simd rank", "rank", "imd"},
};

struct table {
	const char *name;
	size_t at[COLUMNS]; /* which cell; SIZE_MAX: it has none */
	struct place *v;
	struct span (*more)[2]; /* zone and rank of each, as they stand */
	size_t count, cap, more_cap;
	unsigned line;
	size_t wrong;
	struct diag *d;
};

static void say_wrong(struct table *t, const char *what)
{
	if (t->wrong++ < MISTAKES_MOST)
		diag_say_at(t->d, t->name, t->line, 1, "%s", what);
}

static bool is_called(struct span cell, enum column c)
{
	struct buf folded = BUF_INIT;
	bool is = false;
	text_fold(cell, &folded);
	for (size_t i = 0; i < 6 && column_names[c][i]; i++)
		is |= !strcmp(buf_text(&folded), column_names[c][i]);
	buf_fini(&folded);
	return is;
}

static bool read_head(struct table *t, struct span line)
{
	struct span cells[COLUMNS_MOST];
	if (line.n >= 3 && !memcmp(line.p, "\xef\xbb\xbf", 3))
		line = span_of(line.p + 3, line.n - 3); /* as spreadsheets begin a file */
	size_t n = take_cells(line, cells);
	for (int c = 0; c < COLUMNS; c++) {
		t->at[c] = SIZE_MAX;
		for (size_t i = 0; i < n && t->at[c] == SIZE_MAX; i++)
			if (text_is_utf8(cells[i]) && is_called(cells[i], (enum column)c))
				t->at[c] = i;
	}
	if (t->at[C_POSTCODE] != SIZE_MAX && t->at[C_LATITUDE] != SIZE_MAX &&
	    t->at[C_LONGITUDE] != SIZE_MAX)
		return true;
	say_wrong(t,
		  "the first line names the columns: postcode,latitude,longitude and, where they "
		  "are known, datazone2011,simd2020v2_rank");
	return false;
}

static bool read_within(struct span cell, int low, int high, double *out)
{
	return degrees_read(cell, out) && *out >= low && *out <= high;
}

/* To five places, about a metre. */
static void write_degrees(double degrees, struct buf *out)
{
	long n = lround(degrees * 100000);
	buf_printf(out, ",%s%ld.%05ld", n < 0 ? "-" : "", labs(n) / 100000, labs(n) % 100000);
}

/* A letter or two, digits, and what an English alphabet has.  Some are split in two, an A or a B
 * after them: people write neither. */
static bool is_postcode(char *code)
{
	size_t n = strlen(code);
	if (n > 5 && code[n - 3] >= 'A' && (code[n - 1] == 'A' || code[n - 1] == 'B'))
		code[--n] = 0;
	if (n < 5 || strspn(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != n)
		return false;
	return *code >= 'A' && code[n - 3] >= '0' && code[n - 3] <= '9' && code[n - 1] >= 'A' &&
	       code[n - 2] >= 'A';
}

static struct span cell_of(const struct table *t, const struct span *cells, size_t n, enum column c)
{
	return t->at[c] < n ? cells[t->at[c]] : span_of(NULL, 0);
}

static bool is_plain(struct span cell, size_t most)
{
	bool plain = cell.n <= most;
	for (size_t i = 0; plain && i < cell.n; i++)
		plain = (cell.p[i] >= '0' && cell.p[i] <= '9') ||
			(cell.p[i] >= 'A' && cell.p[i] <= 'Z');
	return plain;
}

/* The islands: what lies elsewhere is a slip, like two columns in each other's place. */
static void read_row(struct table *t, struct span line)
{
	struct span cells[COLUMNS_MOST];
	struct place p;
	size_t n = take_cells(line, cells);
	struct span zone = cell_of(t, cells, n, C_ZONE), rank = cell_of(t, cells, n, C_RANK);
	if (!squeeze(cell_of(t, cells, n, C_POSTCODE), p.code) || !is_postcode(p.code)) {
		say_wrong(t, "this is no postcode; write one like G22 5AA");
		return;
	}
	if (!read_within(cell_of(t, cells, n, C_LATITUDE), 49, 61, &p.at.latitude) ||
	    !read_within(cell_of(t, cells, n, C_LONGITUDE), -9, 2, &p.at.longitude)) {
		say_wrong(t, "this is not in these islands; write a latitude like 55.8642 and a "
			     "longitude like -4.2518");
		return;
	}
	if (!is_plain(zone, 12) || !is_plain(rank, 6)) {
		say_wrong(t, "a data zone is like S01010260, a SIMD rank a number to 6976");
		return;
	}
	t->v = mem_room(t->v, t->count, &t->cap, sizeof *t->v);
	t->more = mem_room(t->more, t->count, &t->more_cap, sizeof *t->more);
	t->more[t->count][0] = zone;
	t->more[t->count][1] = rank;
	t->v[t->count++] = p;
}

static bool read_table(struct table *t, struct span csv)
{
	struct span line;
	bool begun = take_line(&csv, &line);
	t->line = 1;
	if (!begun)
		line = span_of(NULL, 0);
	if (!read_head(t, line))
		return false;
	while (take_line(&csv, &line)) {
		t->line++;
		if (line.n)
			read_row(t, line);
	}
	if (t->wrong > MISTAKES_MOST)
		diag_say(t->d, "And %zu more lines like these.", t->wrong - MISTAKES_MOST);
	if (!t->wrong && !t->count) {
		say_wrong(t, "there is no postcode in this file");
	}
	return !t->wrong;
}

static void table_fini(struct table *t)
{
	free(t->v);
	free(t->more);
}

/* --- the table of a book -------------------------------------------------------------------- */

static const char table_name[] = "places.csv";

struct places *places_open(struct seam *seam, const char *dir, struct diag *d)
{
	struct places *p = mem_alloc(sizeof *p);
	struct buf csv = BUF_INIT;
	struct diag said = {0};
	char *path = file_join(dir, table_name);
	struct table t = {.name = path, .d = d};
	enum err e = file_read_own(seam, path, PLACES_MOST, &csv, &said);
	if (e && e != ERR_ABSENT)
		diag_move(d, &said);
	if (!e && read_table(&t, buf_span(&csv))) {
		p->v = t.v;
		p->count = t.count;
		t.v = NULL;
		qsort(p->v, p->count, sizeof *p->v, by_code); /* somebody may have been at it */
	}
	table_fini(&t);
	diag_fini(&said);
	buf_fini(&csv);
	free(path);
	return p;
}

static const struct table *ordering;

static int by_code_of(const void *a, const void *b)
{
	const size_t *x = a, *y = b;
	int order = strcmp(ordering->v[*x].code, ordering->v[*y].code);
	return order ? order : (*x > *y) - (*x < *y);
}

/* In our own form, by code; of a postcode that stands twice the last. */
static void write_table(const struct table *t, struct buf *out, struct places_report *report)
{
	size_t *order = mem_alloc_many(t->count, sizeof *order);
	for (size_t i = 0; i < t->count; i++)
		order[i] = i;
	report->rows = t->count;
	ordering = t;
	qsort(order, t->count, sizeof *order, by_code_of);
	buf_add_text(out, "postcode,latitude,longitude,datazone2011,simd2020v2_rank\n");
	for (size_t i = 0; i < t->count; i++) {
		const struct place *p = &t->v[order[i]];
		const struct span *more = t->more[order[i]];
		if (i + 1 < t->count && !strcmp(p->code, t->v[order[i + 1]].code))
			continue;
		buf_add_text(out, p->code);
		write_degrees(p->at.latitude, out);
		write_degrees(p->at.longitude, out);
		buf_printf(out, ",%.*s,%.*s\n", (int)more[0].n, (const char *)more[0].p,
			   (int)more[1].n, (const char *)more[1].p);
		report->postcodes++;
		report->has_zone |= more[0].n > 0;
		report->has_rank |= more[1].n > 0;
	}
	free(order);
}

enum err places_import(struct seam *seam, const char *dir, const char *name, struct span csv,
		       struct places_report *report, struct diag *d)
{
	struct table t = {.name = name, .d = d};
	struct buf out = BUF_INIT;
	char *path = file_join(dir, table_name);
	enum err e = read_table(&t, csv) ? OK : ERR_INPUT;
	*report = (struct places_report){0};
	if (!e) {
		write_table(&t, &out, report);
		e = file_write_durable(seam, path, buf_span(&out), d);
	}
	table_fini(&t);
	buf_fini(&out);
	free(path);
	return e;
}
