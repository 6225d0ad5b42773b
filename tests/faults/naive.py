"""Control designs: certificates as one would write them first. Under the same kills they have to lose and to double.

A green run of the portal would say nothing if these passed too. Numbers come from looking at the highest one, and
number, page, mail and row are made in one go. `early` is acknowledged when it begins, as Celery does by default: a
kill loses it. `late` is acknowledged when it ends: a kill does it again.
"""

import time
from collections import Counter
from dataclasses import dataclass

from django.core.mail import EmailMessage
from django.db import connection

from tot_portal.celery import app

EARLY, LATE = "tests.naive_early", "tests.naive_late"
DOMAIN = "naif.contoh.test"


@app.task(name=EARLY, acks_late=False, reject_on_worker_lost=False)
def early(person: int) -> None:
    certify(EARLY, person)


@app.task(name=LATE, acks_late=True, reject_on_worker_lost=True)
def late(person: int) -> None:
    certify(LATE, person)


def certify(design: str, person: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(number), 0) + 1 FROM naive_certificates WHERE design = %s", [design])
        number = cursor.fetchone()[0]
    time.sleep(0.1)  # the page is made
    EmailMessage(f"Nomor {number}", "Isi", to=[address(design, person)]).send()
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO naive_certificates VALUES (%s, %s, %s)", [design, number, person])
    time.sleep(0.5)  # something always follows


def address(design: str, person: int) -> str:
    return f"{design.rpartition('_')[2]}{person}@{DOMAIN}"


def make_table() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE naive_certificates (design text, number integer, person integer)")


@dataclass(frozen=True)
class Damage:
    """What a control design did to the people who were given to it.

    Lost: people without a row. Doubled: people with two rows or two mails. Apart from those: numbers used twice,
    which happens without any fault.
    """

    lost: int = 0
    doubled: int = 0
    numbers_twice: int = 0


def damage(published: dict[str, int], mails: Counter[str]) -> dict[str, Damage]:
    """By design. `mails`: how often each address got one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT design, number, person FROM naive_certificates")
        rows = cursor.fetchall()
    return {design: damage_of(design, people, rows, mails) for design, people in published.items()}


def damage_of(design: str, people: int, rows: list[tuple], mails: Counter[str]) -> Damage:
    mine = [row for row in rows if row[0] == design]
    served = {person for _design, _number, person in mine}
    numbers = {number for _design, number, _person in mine}
    twice = sum(max(mails[address(design, person)] - 1, 0) for person in range(people))
    return Damage(people - len(served), len(mine) - len(served) + twice, len(mine) - len(numbers))
