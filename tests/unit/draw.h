/* SPDX-License-Identifier: MIT
 *
 * Chance that can be replayed: splitmix64 from a seed.
 */
#ifndef DRAW_H
#define DRAW_H

#include <stdint.h>

static uint64_t chance;

static uint64_t draw(uint64_t below)
{
	uint64_t z = chance += 0x9e3779b97f4a7c15u;
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return (z ^ z >> 31) % below;
}

#endif
