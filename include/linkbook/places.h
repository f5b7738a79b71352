/* SPDX-License-Identifier: MIT
 *
 * Where postcodes are, and how far it is from one to another.
 *
 * Known exactly where a table was imported (`linkbook import places`), else to the middle of the
 * postcode's district.  Distances are as the crow flies.
 */
#ifndef LINKBOOK_PLACES_H
#define LINKBOOK_PLACES_H

#include <stdbool.h>
#include <stddef.h>
#include <linkbook/buf.h>
#include <linkbook/err.h>
#include <linkbook/seam.h>

/* Degrees, WGS 84. */
struct point {
	double latitude, longitude;
};

enum place_known {
	PLACE_UNKNOWN,
	PLACE_DISTRICT, /* only the middle of the postcode's district */
	PLACE_EXACT, /* the middle of the postcode */
};

/* Kilometres between two points, flat on the ellipsoid: within 0.1 % for the few dozen there are
 * to a neighbouring town. */
double point_km(struct point a, struct point b);

/* "55.86075", "-4.25": digits and at most one point, whatever the locale writes; false: no number. */
bool degrees_read(struct span text, double *out);

struct places;
/* Reads the table of a book (dir/places.csv) where there is one.  Never NULL: without a table, or
 * with one that cannot be read (said in d), only districts are known. */
struct places *places_open(struct seam *seam, const char *dir, struct diag *d);
void places_free(struct places *p);
size_t places_count(const struct places *p);
/* postcode: as it is stored ("G22 5AA") or only its district ("G22"). */
enum place_known places_find(const struct places *p, struct span postcode, struct point *out);

/* What an import read. */
struct places_report {
	size_t rows, postcodes; /* a split postcode has two rows */
	bool has_zone, has_rank;
};
/* Takes a table (CSV with a head line; columns by name, in any order: postcode or pcds, latitude
 * or lat, longitude or long, and where they are there a data zone and a SIMD rank) into the book,
 * in place of the one before.  ERR_INPUT: every mistake with its line (the first twenty), and
 * nothing is taken.  name is what mistakes call it.
 *
 * Postcodes and where they are are no secret: the table lies in clear. */
enum err MUST_USE places_import(struct seam *seam, const char *dir, const char *name,
				struct span csv, struct places_report *report, struct diag *d);
/* A file of more bytes is not read. */
enum { PLACES_MOST = 32 << 20 };

#endif
