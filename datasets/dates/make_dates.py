#!/usr/bin/env python3
"""Writes dates.tsv: dates as people write them, TAB, the same in ISO 8601. usage: make_dates.py > dates.tsv"""
import datetime
import random

MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def ordinal(n):
    return f"{n}{'th' if 11 <= n <= 13 else {1: 'st', 2: 'nd', 3: 'rd'}.get(n % 10, 'th')}"


STYLES = [
    lambda d: f"{d.day} {MONTHS[d.month - 1]} {d.year}",
    lambda d: f"{MONTHS[d.month - 1]} {d.day}, {d.year}",
    lambda d: f"{MONTHS[d.month - 1][:3]} {d.day} {d.year}",
    lambda d: f"{DAYS[d.weekday()][:3]}, {d.day} {MONTHS[d.month - 1][:3]} {d.year}",
    lambda d: f"{DAYS[d.weekday()]}, {MONTHS[d.month - 1]} {ordinal(d.day)}, {d.year}",
    lambda d: f"the {ordinal(d.day)} of {MONTHS[d.month - 1]}, {d.year}",
    lambda d: f"{d.day:02}.{d.month:02}.{d.year}",
    lambda d: f"{d.day}.{d.month}.{d.year % 100:02}",
    lambda d: f"{d.year}/{d.month}/{d.day}",
    lambda d: f"{d.day:02}-{MONTHS[d.month - 1][:3].upper()}-{d.year % 100:02}",
    lambda d: f"{MONTHS[d.month - 1].lower()} {d.day} '{d.year % 100:02}",
    lambda d: f"{d.year}{d.month:02}{d.day:02}",
]

rng = random.Random(1)
first, last = datetime.date(1950, 1, 1), datetime.date(2049, 12, 31)
pairs = {}
while len(pairs) < 6000:
    date = first + datetime.timedelta(rng.randrange((last - first).days + 1))
    pairs[rng.choice(STYLES)(date)] = date.isoformat()
for source, target in pairs.items():
    print(f"{source}\t{target}")
